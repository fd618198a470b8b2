"""Kirana Rupa: skin care and make-up from Bandung."""

from demo.world.builder import shelf

item = shelf("kirana-rupa", "KR")

SKIN = "Cara simpan: tutup rapat, jauhkan dari sinar matahari langsung. Habiskan dalam 6 bulan setelah dibuka. Lakukan uji tempel di belakang telinga sebelum pemakaian pertama; hentikan bila terjadi iritasi.\n\nKedaluwarsa minimal 18 bulan saat dikirim."
WRAP = SKIN + "\n\nSemua botol dibungkus gelembung udara tanpa biaya tambahan."

PRODUCTS = (
    item("SNC", "Serum Niacinamide 5% Cerah Merata", "serum-toner", "serum", price=79000, weight=90, size="4 x 4 x 11 cm", looks="Dusty Pink",
         about="Serum ringan dengan niacinamide untuk membantu meratakan warna kulit dan merawat skin barrier. Cepat meresap, tidak lengket.",
         facts="Kandungan utama: niacinamide 5%, panthenol, ekstrak licorice; Tanpa pewangi; Untuk semua jenis kulit; Pakai pagi dan malam setelah toner", pick="Isi: 20 ml, 40 ml+56000/50", note=WRAP),
    item("SVC", "Serum Vitamin C Turunan Stabil + Ferulic", "serum-toner", "serum", price=98000, weight=90, size="4 x 4 x 11 cm", looks="Oranye",
         about="Vitamin C turunan yang lembut untuk pemula. Membantu kulit tampak segar dan bercahaya.",
         facts="Kandungan: ethyl ascorbic acid 8%, ferulic acid; Isi: 20 ml; Pakai pagi hari diikuti tabir surya; Botol gelap melindungi isi", note=WRAP),
    item("SRT", "Serum Malam Bakuchiol Lembut Anti Tanda Penuaan", "serum-toner", "serum", price=115000, weight=90, size="4 x 4 x 11 cm", looks="Ungu",
         about="Alternatif lembut untuk perawatan malam. Membantu menyamarkan garis halus tanpa rasa perih.",
         facts="Kandungan: bakuchiol 1%, squalane, ceramide; Isi: 20 ml; Hanya untuk malam hari", note=WRAP),
    item("TNM", "Toner Mawar Menenangkan Bebas Alkohol", "serum-toner", "toner", price=58000, weight=150, size="5 x 5 x 16 cm", looks="Merah Muda",
         about="Toner air mawar yang menyegarkan dan menyiapkan kulit untuk langkah berikutnya.",
         facts="Kandungan: air mawar, allantoin, gliserin; pH 5,5; Tanpa alkohol", pick="Isi: 100 ml, 250 ml+67000/170", note=WRAP),
    item("TNE", "Toner Eksfoliasi PHA + Teh Hijau", "serum-toner", "toner", price=72000, weight=150, size="5 x 5 x 16 cm", looks="Sage",
         about="Mengangkat sel kulit mati dengan lembut, membantu kulit terasa halus. Cukup 2-3 kali seminggu di malam hari.",
         facts="Kandungan: PHA 3%, ekstrak teh hijau, centella; Isi: 100 ml; Tidak dianjurkan bersamaan dengan serum asam lain", note=WRAP),
    item("PLG", "Krim Pelembap Ceramide Barrier Repair", "pelembap", "cream-jar", price=89000, weight=120, size="6 x 6 x 5 cm", looks="Putih Biru",
         about="Pelembap bertekstur krim untuk kulit kering dan sensitif. Mengunci kelembapan tanpa rasa berat.",
         facts="Kandungan: ceramide NP, kolesterol, panthenol; Untuk kulit normal hingga kering; Tanpa pewangi", pick="Isi: 30 g, 50 g+49000/40", note=WRAP),
    item("PGL", "Gel Pelembap Lidah Buaya untuk Kulit Berminyak", "pelembap", "cream-jar", price=52000, weight=130, size="7 x 7 x 5 cm", looks="Mint",
         about="Gel dingin yang cepat meresap, cocok untuk kulit berminyak dan cuaca panas.",
         facts="Kandungan: lidah buaya 88%, hyaluronic acid; Isi: 60 g; Non-comedogenic", note=WRAP),
    item("TBS", "Tabir Surya Harian SPF 50 PA++++ Tanpa Whitecast", "pelembap", "tube", price=76000, weight=70, size="5 x 3 x 14 cm", color="Tipe", looks="Ringan=Kuning, Tone Up=Merah Muda",
         about="Tabir surya bertekstur ringan yang nyaman dipakai ulang. Tidak perih di mata dan tidak membuat wajah abu-abu.",
         facts="SPF 50 PA++++; Isi: 40 g; Oleskan dua ruas jari 15 menit sebelum keluar; Ulangi tiap 3 jam", note=SKIN),
    item("SBM", "Sabun Muka Gel Lembut pH Seimbang", "pembersih", "tube", price=45000, weight=130, size="6 x 4 x 17 cm", looks="Biru Langit",
         about="Membersihkan tanpa membuat kulit tertarik. Busa halus, bisa dipakai pagi dan malam.",
         facts="Kandungan: surfaktan amino, betaine; pH 5,5; Untuk semua jenis kulit", pick="Isi: 100 ml, 180 ml+27000/80", note=SKIN),
    item("SBB", "Sabun Batang Herbal Kunyit & Susu Kambing", "pembersih", "soap", price=28000, weight=110, size="8 x 6 x 3 cm", color="Varian", looks="Kunyit=Kuning, Susu Kambing=Gading, Arang Bambu=Hitam",
         about="Sabun dibuat dengan proses dingin dan diangin-anginkan empat minggu. Wanginya ringan dari minyak atsiri.",
         facts="Minyak kelapa, zaitun, dan sawit lestari; Berat bersih: 90 g; Tanpa SLS", pick="Isi: 1 batang, 3 batang+50000/220", note=SKIN),
    item("MSK", "Masker Wajah Lembaran Serat Bambu", "masker-wajah", "sheet-mask", price=15000, weight=35, size="12 x 16 x 1 cm", color="Varian", looks="Bengkoang=Putih Biru, Madu, Teh Hijau=Sage, Mawar=Merah Muda",
         about="Masker 15 menit untuk kulit yang lelah. Lembaran serat bambu tipis menempel rapat, esensnya melimpah.",
         facts="Isi esens: 25 ml; Sekali pakai; Sisa esens dapat dioles ke leher", pick="Isi: 1 lembar, 5 lembar+55000/140", note=SKIN),
    item("MSC", "Masker Bilas Tanah Liat Arang Bambu", "masker-wajah", "cream-jar", price=64000, weight=160, size="7 x 7 x 6 cm", looks="Abu",
         about="Membantu mengangkat minyak berlebih di area T tanpa membuat kulit kering berlebihan.",
         facts="Kandungan: kaolin, arang bambu, allantoin; Isi: 80 g; Pakai 10 menit, 1-2 kali seminggu", note=WRAP),
    item("LPM", "Lip Matte Ringan Transferproof Tahan Seharian", "riasan", "lipstick", price=69000, weight=40, size="3 x 3 x 9 cm", color="Shade", looks="01 Teh Susu=Cokelat Muda, 02 Kelopak=Dusty Pink, 03 Delima=Merah, 04 Bata=Terakota, 05 Anggur=Marun",
         about="Warna pekat dalam sekali oles, ringan di bibir, dan tidak pecah saat tersenyum.",
         facts="Isi: 3,5 g; Mengandung minyak jojoba dan vitamin E; Hasil akhir matte lembut", note=SKIN),
    item("BDK", "Bedak Padat Halus Oil Control dengan Cermin", "riasan", "compact", price=85000, weight=95, size="8 x 8 x 2 cm", color="Shade", looks="Ivory=Gading, Kuning Langsat=Krem, Sawo Matang=Cokelat Muda",
         about="Bedak padat bertekstur halus yang menahan kilap tanpa terlihat tebal. Lengkap dengan cermin dan spons.",
         facts="Isi: 10 g; Dapat diisi ulang; Tahan kilap sekitar 6 jam", note=SKIN),
    item("LBM", "Pelembap Bibir Madu Hutan Berwarna", "riasan", "lipstick", price=39000, weight=25, size="2 x 2 x 7 cm", color="Shade", looks="Bening=Madu, Ceri=Stroberi, Persik=Oranye",
         about="Merawat bibir kering sekaligus memberi rona tipis alami.",
         facts="Kandungan: madu hutan, shea butter, vitamin E; Isi: 3 g; Aman untuk remaja", note=SKIN),
)  # fmt: skip
