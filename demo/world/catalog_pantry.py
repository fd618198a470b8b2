"""Kedai Lereng: coffee, tea and snacks from Malang."""

from demo.world.builder import shelf

item = shelf("kedai-lereng", "KL")

COFFEE = "Disangrai setiap Selasa dan Jumat, tanggal sangrai tertera di kemasan. Paling nikmat 7-30 hari setelah sangrai. Simpan di wadah kedap udara, jangan di kulkas."
SNACK = "Tanpa bahan pengawet. Simpan di tempat kering dan tutup rapat setelah dibuka. Masa simpan 3 bulan. PIRT dan halal tertera pada kemasan."
GLASS = "Kemasan kaca dibungkus gelembung udara dan kardus. Mohon rekam video saat membuka paket agar klaim kerusakan mudah dibantu."
GRIND = "Gilingan: Biji utuh, Halus (tubruk), Sedang (V60), Kasar (french press)"

PRODUCTS = (
    item("ARB", "Kopi Arabika Lereng Semeru Natural 200 g", "kopi", "coffee-bag", price=82000, weight=240, size="10 x 7 x 24 cm", looks="Kopi",
         about="Arabika proses natural dari kebun kecil di lereng timur. Manis seperti nangka dan gula merah, asam lembut, bersih di akhir.",
         facts="Ketinggian: 1.250-1.400 mdpl; Varietas: lini S dan kartika; Sangrai: sedang; Berat bersih: 200 g", pick=GRIND, note=COFFEE),
    item("GAY", "Kopi Arabika Gayo Full Wash", "kopi", "coffee-bag", price=89000, weight=240, size="10 x 7 x 24 cm", looks="Hijau Tua",
         about="Gayo yang bersih dengan rasa rempah, lemon, dan cokelat susu. Cocok untuk seduh manual setiap pagi.",
         facts="Asal: dataran tinggi Gayo; Sangrai: sedang ke terang", pick="Isi: 200 g, 500 g+118000/320, 1 kg+289000/850", note=COFFEE),
    item("RBS", "Kopi Robusta Dampit Petik Merah", "kopi", "coffee-bag", price=48000, weight=240, size="10 x 7 x 24 cm", looks="Marun",
         about="Robusta petik merah yang tebal dan manis, rasa cokelat hitam dan kacang. Mantap untuk kopi susu gula aren.",
         facts="Ketinggian: 600-800 mdpl; Sangrai: sedang ke gelap; Kafein lebih tinggi", pick="Isi: 200 g, 500 g+66000/320, 1 kg+165000/850", note=COFFEE),
    item("DRP", "Kopi Saring Celup Drip Bag Isi 7", "kopi", "coffee-bag", price=59000, weight=130, size="12 x 6 x 14 cm", color="Rasa", looks="Semeru=Kopi, Gayo=Hijau Tua, Toraja=Terakota",
         about="Praktis untuk kantor dan perjalanan: sobek, kaitkan di cangkir, tuang air panas 180 ml.",
         facts="Isi: 7 sachet @ 11 g; Gilingan sedang; Nitrogen flush agar tetap segar", note=COFFEE),
    item("KSG", "Kopi Susu Bubuk Gula Aren Tanpa Ampas", "kopi", "coffee-cup", price=42000, weight=260, size="14 x 8 x 18 cm", looks="Cokelat Muda",
         about="Kopi susu manis legit dengan gula aren asli. Tinggal seduh panas atau tambah es.",
         facts="Isi: 10 sachet @ 24 g; Gula aren 28%; Tanpa ampas", note=SNACK),
    item("THM", "Teh Melati Wangi Celup Tanpa Staples", "teh", "tea-box", price=24000, weight=80, size="12 x 7 x 8 cm", color="Rasa", looks="Melati=Hijau, Serai Jahe=Madu, Rosella=Stroberi",
         about="Pucuk teh pegunungan dengan bunga melati segar. Wangi, sepet ringan, nyaman diminum sore hari.",
         facts="Isi: 20 kantong @ 2 g; Kantong tanpa staples; Seduh 3 menit", note=SNACK),
    item("WDG", "Wedang Uwuh Rempah Siap Seduh Isi 10", "teh", "tea-box", price=45000, weight=260, size="20 x 15 x 6 cm", looks="Terakota",
         about="Secang, jahe, cengkih, kayu manis, dan gula batu dalam satu bungkus. Hangat di badan, merah cantik di gelas.",
         facts="Isi: 10 bungkus; Cukup untuk 10-20 gelas; Rempah kering utuh", note=SNACK),
    item("GLA", "Gula Aren Cair Murni Botol Kaca", "sirup-gula", "syrup", price=38000, weight=480, size="6 x 6 x 20 cm", looks="Sogan",
         about="Nira aren dimasak perlahan hingga kental dan harum. Pas untuk kopi, martabak, atau bubur.",
         facts="Bahan: nira aren dan air; Tanpa gula pasir", pick="Isi: 250 ml, 500 ml+31000/380", note=GLASS),
    item("KRP", "Keripik Singkong Renyah Irisan Tipis 200 g", "keripik", "snack-pouch", price=19000, weight=220, size="18 x 8 x 26 cm", color="Rasa", looks="Original=Kuning, Balado=Merah, Daun Jeruk=Pandan, Keju=Oranye",
         about="Singkong segar diiris tipis dan digoreng garing. Bumbunya merata sampai potongan terakhir.",
         facts="Berat bersih: 200 g; Minyak kelapa; Level pedas balado: 3 dari 5", note=SNACK),
    item("KTM", "Keripik Tempe Sagu Super Renyah", "keripik", "snack-pouch", price=21000, weight=200, size="18 x 8 x 26 cm", looks="Madu",
         about="Tempe tipis dengan balutan sagu dan daun jeruk, oleh-oleh khas Malang yang selalu dicari.",
         facts="Berat bersih: 180 g; Kedelai non-GMO; Goreng dua kali", pick="Isi: 1 bungkus, 3 bungkus+39000/400", note=SNACK),
    item("BSR", "Basreng Stik Pedas Daun Jeruk", "keripik", "snack-pouch-dark", price=17000, weight=170, size="16 x 7 x 24 cm", looks="Cabai",
         about="Bakso goreng berbentuk stik, kriuk dengan pedas cabai rawit dan wangi daun jeruk.",
         facts="Bahan: ikan, tapioka, rempah; Berat bersih: 150 g", pick="Level: Tidak pedas, Pedas, Pedas sekali+1000", note=SNACK),
    item("NST", "Kue Nastar Nanas Mentega Toples 400 g", "kue-kering", "cookie-tin", price=98000, weight=620, size="16 x 16 x 9 cm", looks="Merah",
         about="Nastar lumer dengan selai nanas buatan sendiri, tidak terlalu manis. Dipanggang sesuai pesanan.",
         facts="Isi: sekitar 40 butir; Mentega asli; Tahan 2 bulan di suhu ruang; Kirim dengan kurir reguler tetap aman", note=SNACK),
    item("SBW", "Sambal Bawang Rumahan Pedas Nampol", "sambal", "sambal-jar", price=29000, weight=330, size="7 x 7 x 9 cm", color="Rasa", looks="Bawang=Merah, Teri=Terakota, Cumi=Hitam, Ijo=Pandan",
         about="Sambal goreng dari cabai rawit segar dan bawang melimpah. Dibuat sedikit demi sedikit supaya selalu baru.",
         facts="Berat bersih: 180 g; Kedap udara; Simpan di kulkas setelah dibuka, tahan 1 bulan", note=GLASS),
    item("MDU", "Madu Hutan Multiflora Mentah Tanpa Campuran", "madu", "honey-jar", price=75000, weight=480, size="7 x 7 x 11 cm", looks="Madu",
         about="Madu mentah dari hutan rakyat, hanya disaring tanpa pemanasan. Warna dan rasa dapat berbeda tiap panen.",
         facts="Kadar air di bawah 21%; Tanpa pemanasan; Tidak untuk bayi di bawah 1 tahun", pick="Isi: 250 g, 500 g+68000/300", note=GLASS),
    item("SRK", "Selai Srikaya Pandan Homemade", "madu", "honey-jar", price=34000, weight=360, size="7 x 7 x 9 cm", color="Rasa", looks="Pandan, Gula Aren=Sogan",
         about="Selai srikaya lembut dari santan segar dan telur kampung. Oles tebal di roti hangat.",
         facts="Berat bersih: 220 g; Simpan di kulkas; Masa simpan 2 bulan", note=GLASS),
)  # fmt: skip
