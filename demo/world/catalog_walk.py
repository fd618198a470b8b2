"""Tapak Cemara: shoes and bags from Bandung."""

from demo.world.builder import shelf

item = shelf("tapak-cemara", "TC")

FEET = "Panduan ukuran (panjang telapak):\n37: 23,5 cm\n38: 24 cm\n39: 24,5 cm\n40: 25 cm\n41: 25,5 cm\n42: 26,5 cm\n43: 27 cm\nKaki lebar sebaiknya naik satu nomor. Salah ukuran boleh tukar, ongkir ditanggung pembeli."
BAG = "Perawatan: lap dengan kain lembap, angin-anginkan, simpan dengan isian kertas agar bentuk terjaga. Garansi jahitan 6 bulan."
MEN = "Ukuran: 39, 40, 41, 42, 43+10000/40"
WOMEN = "Ukuran: 37, 38, 39, 40"

PRODUCTS = (
    item("SNK", "Sneakers Kanvas Harian Unisex Sol Karet Empuk", "sneakers", "sneaker", price=219000, weight=780, size="32 x 20 x 12 cm",
         about="Sneakers kanvas ringan untuk dipakai setiap hari. Insole busa 5 mm, sol karet yang tidak licin di lantai basah.",
         facts="Bahan atas: kanvas 12 oz; Sol: karet vulkanisir; Tinggi sol: 3 cm; Termasuk tali cadangan", looks="Hitam Oranye, Putih Biru, Sage", pick="Ukuran: 39, 40, 41, 42", note=FEET),
    item("SNR", "Sneakers Lari Ringan Rajut Berpori", "sneakers", "sneaker", price=279000, weight=640, size="32 x 20 x 12 cm",
         about="Bagian atas rajut yang lentur dan sejuk, bantalan EVA untuk lari santai sampai 10 km.",
         facts="Bahan atas: rajut poliester; Midsole: EVA; Berat satu sisi: 240 g (ukuran 41)", looks="Neon, Biru, Merah Putih", pick="Ukuran: 40, 41, 42, 43", note=FEET),
    item("LOF", "Sepatu Loafer Pria Kulit Sapi Asli", "sepatu-formal", "loafer", price=385000, weight=900, size="33 x 21 x 12 cm",
         about="Loafer kulit sapi buatan pengrajin Cibaduyut. Jahitan tangan pada bagian punggung, makin lama makin lembut.",
         facts="Bahan: kulit sapi pull-up; Lapisan dalam: kulit domba; Sol: TPR anti slip; Hak: 2,5 cm", looks="Cokelat, Hitam", pick=MEN, note=FEET),
    item("PTF", "Sepatu Pantofel Kerja Tanpa Tali", "sepatu-formal", "loafer", price=265000, weight=850, size="33 x 21 x 12 cm",
         about="Pantofel ringan untuk kantor dan upacara. Tidak perlu disemir setiap hari, cukup dilap.",
         facts="Bahan: kulit sintetis premium; Sol: karet; Insole busa memori", looks="Hitam", pick=MEN, note=FEET),
    item("FLT", "Flat Shoes Wanita Pita Lembut Anti Lecet", "sepatu-wanita", "flats", price=149000, weight=420, size="28 x 18 x 9 cm",
         about="Bantalan di tumit mencegah lecet, sol lentur mudah dilipat masuk tas. Manis untuk kerja dan kuliah.",
         facts="Bahan: kulit sintetis lembut; Alas dalam: busa lateks; Hak: 1 cm", looks="Dusty Pink, Hitam, Krem", pick=WOMEN, note=FEET),
    item("SDL", "Sandal Slide Dua Tali Pria Wanita", "sandal", "sandal", price=89000, weight=460, size="30 x 22 x 9 cm",
         about="Sandal slide dengan alas empuk berkontur. Tahan air, cepat kering, enak untuk jalan sore.",
         facts="Bahan: EVA dan kulit sintetis; Gesper bisa diatur; Alas anti licin", looks="Cokelat Muda, Hitam", pick="Ukuran: 37, 38, 39, 40, 41, 42", note=FEET),
    item("SDG", "Sandal Gunung Tali Webbing Kuat", "sandal", "sandal", price=135000, weight=620, size="31 x 22 x 11 cm",
         about="Tali webbing rangkap dengan perekat tiga titik. Sol bergerigi dalam untuk tanah basah dan batu.",
         facts="Bahan: webbing poliester; Sol: karet padat; Beban uji tarik tali: 90 kg", looks="Hijau Tua, Abu", pick=MEN, note=FEET),
    item("RNS", "Tas Ransel Laptop 15 Inci Tahan Air", "ransel", "backpack", price=249000, weight=820, size="44 x 30 x 14 cm",
         about="Ransel kerja dengan ruang laptop berlapis busa, saku rahasia di punggung, dan kain tahan percikan air.",
         facts="Kapasitas: 22 liter; Bahan: poliester 600D berlapis PU; Kompartemen laptop 15,6 inci; Bonus jas hujan tas", looks="Hitam Oranye, Biru Tua, Hijau Tua", note=BAG),
    item("RNA", "Tas Ransel Anak Sekolah Ringan Tali Empuk", "ransel", "backpack", price=159000, weight=520, size="38 x 28 x 13 cm",
         about="Ringan di bahu kecil, dengan tali dada agar tidak melorot dan pita pantul cahaya di depan.",
         facts="Kapasitas: 15 liter; Cocok untuk kelas 1-6; Dua saku botol minum", looks="Biru, Merah Muda, Toska", note=BAG),
    item("SLG", "Tas Selempang Wanita Flap Kunci Putar", "tas-wanita", "sling-bag", price=175000, weight=450, size="24 x 17 x 8 cm",
         about="Ukuran pas untuk HP, dompet, bedak, dan mukena tipis. Tali bisa dilepas dan diatur panjangnya.",
         facts="Bahan: kulit sintetis saffiano; Tali: 70-120 cm; Dua sekat dan satu saku resleting", looks="Marun, Krem, Hitam, Sage", note=BAG),
    item("SLK", "Tas Bahu Kulit Asli Jahit Tangan", "tas-wanita", "sling-bag", price=465000, weight=640, size="27 x 19 x 9 cm",
         about="Kulit sapi nabati yang warnanya menua indah. Dijahit tangan dengan benang lilin, dibuat per pesanan kecil.",
         facts="Bahan: kulit sapi vegetable tanned 2 mm; Aksesori kuningan; Nomor seri pengrajin di dalam", looks="Cokelat, Hitam", note=BAG),
    item("TOT", "Tote Bag Kanvas Motif Kawung Resleting", "tote-bag", "tote", price=95000, weight=310, size="38 x 34 x 10 cm",
         about="Tote bag kanvas tebal dengan panel kawung. Muat laptop 14 inci, ada resleting dan saku dalam.",
         facts="Bahan: kanvas 14 oz; Beban hingga 10 kg; Tali bahu 60 cm", looks="Krem, Hitam, Terakota", note=BAG),
    item("TOB", "Tote Bag Belanja Lipat Motif Bunga", "tote-bag", "tote-floral", price=49000, weight=120, size="40 x 38 x 8 cm",
         about="Pengganti kantong plastik yang cantik. Bisa dilipat sebesar dompet dan dicuci mesin.",
         facts="Bahan: katun drill; Beban hingga 8 kg; Ada saku lipat", looks="Gading, Merah Muda, Biru Langit", note=BAG),
    item("DPT", "Dompet Pria Lipat Kulit Sapi Slot Kartu", "dompet-ikat-pinggang", "wallet", price=129000, weight=120, size="11 x 9 x 2 cm",
         about="Dompet tipis dengan delapan slot kartu dan ruang uang penuh. Bisa diukir nama, tulis di catatan pesanan.",
         facts="Bahan: kulit sapi; 8 slot kartu, 2 ruang uang, 1 saku koin; Dikemas kotak", looks="Cokelat, Hitam, Biru Tua", note=BAG),
    item("IKP", "Ikat Pinggang Kulit Kepala Gesper Klasik", "dompet-ikat-pinggang", "belt", price=115000, weight=220, size="14 x 14 x 5 cm",
         about="Satu lembar kulit utuh tanpa sambungan, gesper baja yang tidak mudah kusam.",
         facts="Lebar: 3,5 cm; Tebal: 4 mm; Bisa dipotong sesuai ukuran", looks="Cokelat, Hitam", pick="Panjang: 110 cm, 120 cm+10000/20", note=BAG),
)  # fmt: skip
