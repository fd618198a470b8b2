"""Bintang Mungil: toys and things for babies, from Tangerang Selatan."""

from demo.world.builder import shelf

item = shelf("bintang-mungil", "BM")

SAFE = "Keamanan: bahan bebas BPA dan cat berbahan dasar air. Awasi anak saat bermain; ada bagian kecil untuk usia di bawah 3 tahun bila disebutkan."
SOFT = "Perawatan: cuci dengan air dingin dan deterjen bayi, balik sisi dalam, jangan diperas kuat."
BABY = "Panduan ukuran:\n0-3 bulan: 3-6 kg\n3-6 bulan: 6-8 kg\n6-12 bulan: 8-10 kg\n\n" + SOFT

PRODUCTS = (
    item("ONS", "Jumper Bayi Lengan Pendek Katun Organik Beruang", "baju-bayi", "onesie", price=59000, weight=90, size="22 x 18 x 2 cm",
         about="Katun organik lembut dengan kancing jepret di bawah, memudahkan ganti popok tengah malam.",
         facts="Katun organik 100%; Tanpa label jahit di leher; Bordir halus di sisi dalam", looks="Mint, Kuning, Merah Muda", pick="Usia: 0-3 bulan, 3-6 bulan, 6-12 bulan+5000/10", note=BABY),
    item("JST", "Setelan Jumper Bayi Isi 3 Hadiah Lahiran", "baju-bayi", "onesie", price=159000, weight=290, size="26 x 20 x 5 cm",
         about="Tiga jumper warna senada dalam kotak cantik, siap untuk kado. Kartu ucapan gratis, tulis pesannya di catatan.",
         facts="Isi: 3 jumper; Kotak kado dan pita; Usia 0-6 bulan", looks="Biru Langit, Dusty Pink, Sage", note=BABY),
    item("SLM", "Selimut Bayi Rajut Muslin Dua Lapis", "baju-bayi", "blanket", price=98000, weight=260, size="26 x 22 x 5 cm",
         about="Muslin berpori yang makin lembut setiap dicuci. Bisa untuk bedong, alas, dan penutup menyusui.",
         facts="Katun muslin; Ukuran: 110 x 110 cm; Dua lapis", looks="Mint, Lilac, Krem", note=SOFT),
    item("BBL", "Botol Susu Bayi Leher Lebar Anti Kolik", "makan-bayi", "baby-bottle", price=65000, weight=110, size="7 x 7 x 17 cm",
         about="Katup anti kolik mengurangi udara tertelan. Leher lebar mudah dibersihkan.",
         facts="Bahan: PPSU tahan 180 derajat; Dot silikon aliran lambat", looks="Toska, Merah Muda, Biru", pick="Isi: 150 ml, 240 ml+16000/30", note=SAFE),
    item("CLM", "Celemek Makan Silikon Penampung Remah", "makan-bayi", "bib", price=45000, weight=130, size="30 x 22 x 4 cm",
         about="Silikon lembut dengan kantong depan, cukup dibilas. Kancing leher empat tingkat.",
         facts="Silikon food grade; Usia 6-36 bulan; Bisa digulung", looks="Sage, Terakota, Biru Langit, Kuning", note=SAFE),
    item("KTB", "Kotak Makan Anak Sekat Bento Mini", "makan-bayi", "lunch-box", price=69000, weight=330, size="20 x 15 x 6 cm",
         about="Porsi pas untuk anak TK, kunci mudah dibuka tangan kecil tetapi tidak bocor di tas.",
         facts="Isi: 700 ml; Tahan microwave tanpa tutup; Sendok kecil termasuk", looks="Kuning, Biru Langit, Merah Muda", note=SAFE),
    item("BNK", "Boneka Beruang Syal Halus Jumbo", "boneka", "plush", price=119000, weight=420, size="40 x 28 x 22 cm",
         about="Bulu pendek halus yang tidak rontok, empuk untuk dipeluk tidur. Syal bisa dilepas.",
         facts="Isi: dakron silikon; Mata bordir aman; Bisa dicuci mesin dalam kantong", looks="Cokelat Muda, Merah Muda, Abu", pick="Tinggi: 35 cm, 50 cm+70000/350, 80 cm+190000/1200", note=SOFT),
    item("BNM", "Boneka Beruang Mini Gantungan Tas", "boneka", "plush", price=29000, weight=50, size="12 x 9 x 6 cm",
         about="Teman kecil untuk tas sekolah. Rantai kuat dan tidak berkarat.",
         facts="Tinggi: 11 cm; Rantai besi; Mata bordir", looks="Cokelat, Gading, Lilac, Mint", note=SOFT),
    item("BLK", "Balok Kayu Susun Bentuk & Warna 30 Buah", "mainan-edukasi", "blocks", price=135000, weight=980, size="28 x 20 x 9 cm",
         about="Melatih koordinasi dan imajinasi. Kayu karet halus tanpa sudut tajam, warna cerah tidak luntur.",
         facts="Isi: 30 balok; Sisi: 4 cm; Kantong kain termasuk; Usia 18 bulan ke atas", looks="Merah", note=SAFE),
    item("BLB", "Balok Angka dan Bentuk Kayu 12 Kubus", "mainan-edukasi", "blocks", price=89000, weight=620, size="20 x 16 x 6 cm",
         about="Dua belas kubus bergambar untuk mengenal bentuk, warna, dan angka sambil bermain.",
         facts="Isi: 12 kubus; Sisi: 4,5 cm; Cetak tinta aman; Usia 2 tahun ke atas", looks="Biru", note=SAFE),
    item("MNR", "Menara Cincin Warna Kayu Bayi", "mainan-edukasi", "rings", price=75000, weight=480, size="16 x 16 x 20 cm",
         about="Mainan klasik untuk belajar urutan besar kecil. Tiang sedikit goyah agar aman bila tertimpa.",
         facts="5 cincin dan 1 bola; Kayu pinus; Usia 10 bulan ke atas", looks="Merah, Lilac", note=SAFE),
    item("BBK", "Bebek Mandi Karet Alam Isi 3", "mainan-edukasi", "duck", price=49000, weight=160, size="14 x 10 x 9 cm",
         about="Karet alam lembut tanpa lubang di bawah sehingga tidak berjamur di dalam.",
         facts="Isi: 3 bebek; Karet alam; Usia 6 bulan ke atas", looks="Kuning, Merah Muda", note=SAFE),
    item("PZL", "Puzzle Papan Kayu Pegangan Bulat Hewan Buah", "mainan-edukasi", "puzzle", price=62000, weight=430, size="30 x 22 x 2 cm",
         about="Keping tebal dengan pegangan bulat untuk jari kecil. Gambar sama tercetak di papan sebagai petunjuk.",
         facts="6 keping; Tebal papan: 12 mm; Usia 12 bulan ke atas", looks="Stroberi, Toska", note=SAFE),
    item("SLB", "Selimut Anak Bulu Halus Motif Titik", "baju-bayi", "blanket", price=125000, weight=640, size="34 x 28 x 8 cm",
         about="Bulu halus dua sisi untuk tidur siang di sekolah atau perjalanan. Ringan dan mudah dilipat.",
         facts="Ukuran: 100 x 140 cm; Mikrofiber; Bordir nama Rp15.000 lewat chat", looks="Biru, Dusty Pink, Kuning", note=SOFT),
    item("BJM", "Kaus Olahraga Anak Nomor Punggung", "pakaian-olahraga", "jersey", price=69000, weight=130, size="24 x 20 x 2 cm",
         about="Kaus berpori untuk anak aktif, cepat kering dan nyaman di kulit.",
         facts="Bahan: poliester berpori; Usia 3-10 tahun; Sablon tahan cuci", looks="Biru, Merah Putih, Neon", pick="Usia: 3-4 tahun, 5-6 tahun, 7-8 tahun+5000, 9-10 tahun+10000", note=SOFT),
)  # fmt: skip
