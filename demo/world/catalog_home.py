"""Dapur Rumbia: kitchen and home, from Sidoarjo."""

from demo.world.builder import shelf

item = shelf("dapur-rumbia", "DR")

BREAK = "Barang mudah pecah dikirim dengan bubble wrap tebal dan kardus ganda. Kerusakan saat pengiriman kami ganti, cukup lampirkan video buka paket."
WASH = "Perawatan: cuci dengan spons lembut, keringkan sebelum disimpan."
CLOTH = "Perawatan: cuci terpisah sebelum dipakai, air dingin, tanpa pemutih, jemur di tempat teduh."

PRODUCTS = (
    item("PAN", "Wajan Anti Lengket Marble Gagang Kayu", "alat-masak", "pan", price=129000, weight=850, size="45 x 26 x 6 cm",
         about="Lapisan marmer anti lengket yang bebas PFOA, panas merata, telur meluncur tanpa minyak banyak.",
         facts="Bisa untuk kompor gas dan induksi; Tebal dasar: 3 mm; Gagang tidak panas", looks="Hitam, Terakota, Hijau Tua", pick="Diameter: 20 cm, 24 cm+35000/250, 28 cm+70000/500", note=WASH),
    item("RCK", "Penanak Nasi Digital 1,2 Liter Hemat Daya", "alat-masak", "rice-cooker", price=399000, weight=2900, size="30 x 26 x 24 cm",
         about="Untuk keluarga kecil. Delapan menu otomatis dari nasi pulen sampai bubur, hangat hingga 12 jam.",
         facts="Daya: 350 W; Panci keramik; Kabel bisa dilepas; Garansi mesin 1 tahun", looks="Putih, Hitam Oranye", note="Isi paket: penanak nasi, kukusan, centong, gelas takar, buku petunjuk bahasa Indonesia.\n\n" + BREAK),
    item("KTL", "Ketel Leher Angsa Seduh Kopi 600 ml", "alat-masak", "kettle", price=169000, weight=620, size="28 x 14 x 16 cm",
         about="Aliran air ramping dan stabil untuk seduh manual. Gagang nyaman walau air mendidih.",
         facts="Bahan: baja tahan karat 304; Isi: 600 ml; Bisa di kompor gas", looks="Perak, Hitam, Terakota", note=WASH),
    item("PIS", "Set Pisau Dapur 3 Buah dengan Talenan Kayu", "pisau-talenan", "knives", price=185000, weight=1350, size="38 x 26 x 5 cm",
         about="Pisau koki, pisau serbaguna, dan pisau kupas dari baja tajam tahan lama, lengkap dengan talenan kayu akasia.",
         facts="Baja tahan karat; Talenan 36 x 25 cm; Pelindung bilah termasuk; Pengiriman aman sesuai aturan kurir", looks="Hitam, Cokelat", note=WASH),
    item("TMB", "Tumbler Stainless Sedotan Tahan Dingin 24 Jam", "bekal-minum", "tumbler", price=99000, weight=380, size="9 x 9 x 22 cm",
         about="Dinding ganda hampa udara menjaga es tetap utuh sampai pulang kerja. Tutup geser dan sedotan ikut disertakan.",
         facts="Baja tahan karat 304; Bebas BPA; Pas di tempat minum mobil", looks="Sage, Dusty Pink, Hitam, Biru Langit", pick="Isi: 600 ml, 900 ml+30000/90", note=WASH),
    item("LBX", "Kotak Bekal 3 Sekat Anti Tumpah Tahan Microwave", "bekal-minum", "lunch-box", price=75000, weight=420, size="24 x 18 x 6 cm",
         about="Tiga sekat rapat, kuah tidak bercampur. Bisa dipanaskan tanpa tutup.",
         facts="Bahan: PP food grade; Isi: 1.100 ml; Termasuk sendok garpu", looks="Mint, Krem, Biru Langit", note=WASH),
    item("BTL", "Botol Minum Sport Tali Jinjing 750 ml", "bekal-minum", "flask", price=85000, weight=300, size="8 x 8 x 25 cm",
         about="Botol ringan dengan tali jinjing kuat, mulut lebar mudah dibersihkan.",
         facts="Baja tahan karat; Isi: 750 ml; Tahan panas 8 jam", looks="Biru Tua, Fuchsia, Neon", note=WASH),
    item("PRG", "Set Piring Mangkuk Keramik 5 Buah Garis Emas", "piring-gelas", "plates", price=215000, weight=2600, size="28 x 28 x 16 cm",
         about="Empat piring dan satu mangkuk saji, glasir halus bergaris hangat. Naik kelas untuk makan bersama.",
         facts="Keramik bakar 1.200 derajat; Aman microwave; Piring 25 cm, mangkuk 18 cm", looks="Toska, Gading, Biru Tua", note=BREAK),
    item("SPR", "Sprei Katun Motif Bunga Set Sarung Bantal", "sprei-bantal", "bed-sheet", price=229000, weight=1300, size="34 x 28 x 8 cm",
         about="Katun 100% yang adem dan tidak berbulu. Karet keliling, jahitan sudut rapi.",
         facts="Isi: 1 sprei, 2 sarung bantal, 2 sarung guling; Tinggi kasur sampai 30 cm", looks="Dusty Pink, Biru Langit, Sage", pick="Ukuran: 120 x 200, 160 x 200+60000/300, 180 x 200+90000/450", note=CLOTH),
    item("BTK", "Bantal Sofa Motif Kawung Isi Dakron 40 x 40", "sprei-bantal", "pillow", price=79000, weight=450, size="40 x 40 x 12 cm",
         about="Bantal sofa empuk dengan sarung beresleting bermotif kawung. Sarung bisa dicuci terpisah.",
         facts="Sarung: katun kanvas; Isi: dakron silikon; Ukuran: 40 x 40 cm", looks="Terakota, Biru Tua, Hijau Tua", note=CLOTH),
    item("HND", "Handuk Mandi Katun Tebal Cepat Kering", "handuk", "towel", price=89000, weight=420, size="30 x 24 x 7 cm",
         about="Handuk katun 450 gsm yang menyerap sejak cucian pertama dan tidak mudah apek.",
         facts="Katun 100%; 450 gsm; Ada gantungan kain", looks="Krem, Abu, Merah Muda, Toska", pick="Ukuran: 50 x 100, 70 x 140+46000/300", note=CLOTH),
    item("LMJ", "Lampu Meja Tidur Kap Kain Cahaya Hangat", "lampu-dekorasi", "lamp", price=175000, weight=1100, size="28 x 28 x 36 cm",
         about="Cahaya hangat yang menenangkan sebelum tidur. Rantai tarik dan fitting E27 standar.",
         facts="Tinggi: 38 cm; Kap kain diameter 26 cm; Bohlam LED 5 W termasuk", looks="Gading, Terakota, Sage", note=BREAK),
    item("DFS", "Pengharum Ruangan Stik Rotan 100 ml", "lampu-dekorasi", "diffuser", price=69000, weight=330, size="8 x 8 x 24 cm", color="Aroma", looks="Melati=Gading, Serai=Pandan, Cendana=Cokelat, Mawar=Merah Muda",
         about="Wangi lembut tanpa listrik, tahan sekitar 40 hari. Balik stik seminggu sekali agar wangi merata.",
         facts="Isi: 100 ml; 6 stik rotan; Botol kaca dapat diisi ulang", note=BREAK),
    item("JDG", "Jam Dinding Kayu Tanpa Detak 30 cm", "lampu-dekorasi", "clock", price=139000, weight=780, size="31 x 31 x 5 cm",
         about="Mesin sapu halus tanpa bunyi, cocok untuk kamar tidur dan ruang kerja.",
         facts="Diameter: 30 cm; Bingkai kayu pinus; Baterai AA satu buah (belum termasuk)", looks="Cokelat Muda, Hitam Oranye", note=BREAK),
    item("BOX", "Kotak Penyimpanan Lipat Bertutup Serbaguna", "penyimpanan", "storage-box", price=65000, weight=700, size="38 x 26 x 25 cm",
         about="Rapikan baju, mainan, dan dokumen. Bisa ditumpuk dan dilipat datar saat tidak dipakai.",
         facts="Bahan: kain linen dan papan; Label nama di depan; Beban hingga 8 kg", looks="Sage, Krem, Biru Tua", pick="Isi: 1 buah, 3 buah+119000/1400", note="Isi 3 buah lebih hemat dan dikirim terlipat."),
)  # fmt: skip
