"""Sekar Laras: batik and modest fashion from Pekalongan."""

from demo.world.builder import shelf

item = shelf("sekar-laras", "SL")

CARE = "Perawatan: cuci dengan tangan memakai sabun lembut atau lerak, jangan direndam lama, jemur di tempat teduh, setrika suhu sedang dari sisi dalam. Warna batik tulis dan cap dapat sedikit luntur pada cucian pertama."
MEN = (
    "Panduan ukuran (lingkar dada x panjang badan):\nM: 104 x 70 cm\nL: 110 x 72 cm\nXL: 116 x 74 cm\nXXL: 124 x 76 cm\nToleransi 1-2 cm.\n\n"
    + CARE
)
WOMEN = (
    "Panduan ukuran (lingkar dada x panjang badan):\nS: 92 x 136 cm\nM: 98 x 137 cm\nL: 104 x 138 cm\nXL: 112 x 140 cm\nBusui friendly, toleransi 1-2 cm.\n\n"
    + CARE
)
SIZES = "Ukuran: M, L, XL, XXL+15000/30"

PRODUCTS = (
    item("KWG", "Kemeja Batik Pria Lengan Pendek Motif Kawung", "kemeja-batik", "shirt-kawung", price=189000, weight=280, size="30 x 24 x 3 cm",
         about="Kemeja batik cap motif kawung yang adem dan rapi, cocok untuk ke kantor maupun kondangan. Potongan reguler, tidak ketat di badan.",
         facts="Bahan: katun primisima 40s; Proses: batik cap, dua kali celup; Saku dada kiri, kancing senada; Motif disambung rapi di bagian depan", looks="Sogan, Biru Tua, Hijau Tua", pick=SIZES, note=MEN),
    item("PRG", "Kemeja Batik Pria Lengan Panjang Motif Parang Full Furing", "kemeja-batik", "shirt-parang", price=329000, weight=380, size="32 x 25 x 4 cm",
         about="Kemeja lengan panjang motif parang dengan furing penuh sehingga jatuh dan tidak menerawang. Pilihan aman untuk acara resmi.",
         facts="Bahan: katun halus, furing katun lembut; Proses: kombinasi tulis dan cap; Kerah berdiri kokoh; Manset dua kancing", looks="Hitam, Marun", pick=SIZES, note=MEN),
    item("TRT", "Kemeja Batik Slim Fit Motif Truntum", "kemeja-batik", "shirt-truntum", price=215000, weight=270, size="30 x 24 x 3 cm",
         about="Truntum melambangkan kasih yang tumbuh kembali. Potongan slim fit untuk tampilan muda, nyaman dipakai seharian.",
         facts="Bahan: katun prima; Proses: batik cap; Potongan slim fit, naikkan satu ukuran bila suka longgar; Saku dada", looks="Biru, Sogan", pick=SIZES, note=MEN),
    item("MEG", "Kemeja Batik Mega Mendung Pria Katun Premium", "kemeja-batik", "folded-mega", price=245000, weight=290, size="30 x 24 x 3 cm",
         about="Awan mega mendung khas pesisir dengan gradasi tujuh lapis. Dilipat rapi dalam kotak, siap untuk hadiah.",
         facts="Bahan: katun primisima; Gradasi warna 7 tingkat; Termasuk kotak karton dan kartu cerita motif", looks="Biru, Merah, Ungu", pick="Ukuran: M, L, XL, XXL+15000", note=MEN),
    item("SRG", "Kemeja Batik Seragam Keluarga Motif Parang Klitik", "kemeja-batik", "folded-parang", price=175000, weight=260, size="30 x 24 x 3 cm",
         about="Parang klitik bergaris halus, enak dilihat untuk seragam keluarga, panitia, atau kantor. Pemesanan di atas 20 potong silakan chat dulu.",
         facts="Bahan: katun stretch; Jahitan rantai pada sambungan; Tersedia pasangan gamis dengan motif sama", looks="Hijau Tua, Cokelat", pick=SIZES, note=MEN),
    item("BLS", "Blus Batik Wanita Kerah Shanghai Motif Buketan", "blus-dress-batik", "blouse-floral", price=169000, weight=240, size="28 x 22 x 3 cm",
         about="Blus buketan bunga pesisir dengan kancing depan penuh. Ringan dan mudah dipadukan dengan rok atau celana kain.",
         facts="Bahan: rayon viskos adem; Kancing depan hidup; Lengan 7/8; Panjang badan 66 cm", looks="Krem, Merah Muda, Toska", pick="Ukuran: S, M, L, XL+10000", note=CARE),
    item("DRS", "Dress Batik Kawung Wanita Tali Pinggang", "blus-dress-batik", "gown-kawung", price=259000, weight=420, size="32 x 25 x 4 cm",
         about="Dress kawung dengan tali pinggang lepas pasang. Siluet A yang anggun, nyaman untuk acara keluarga maupun kerja.",
         facts="Bahan: katun halus berfuring; Resleting depan tersembunyi; Dua saku samping; Tali pinggang 180 cm", looks="Terakota, Biru Tua", pick="Ukuran: S, M, L, XL+15000/30", note=WOMEN),
    item("KPR", "Kain Batik Tulis Parang Rusak 2,4 Meter", "kain-batik", "cloth-parang", price=685000, weight=450, size="30 x 25 x 3 cm",
         about="Kain batik tulis asli buatan pembatik rumahan, dikerjakan sekitar tiga minggu. Setiap lembar sedikit berbeda dan itulah keindahannya.",
         facts="Bahan: katun primisima halus; Ukuran: 240 x 105 cm; Malam tulis dengan canting; Disertai kartu nama pembatik", looks="Sogan, Hitam", note=CARE),
    item("SLD", "Selendang Tenun Lurik Katun Tepi Rumbai", "kain-batik", "cloth-stripes", price=128000, weight=190, size="24 x 20 x 3 cm",
         about="Selendang lurik tenun tangan dengan rumbai di kedua ujung. Bisa dipakai sebagai syal, taplak, atau hiasan dinding.",
         facts="Bahan: benang katun pewarna alam; Ukuran: 180 x 60 cm; Ditenun dengan alat tenun bukan mesin", looks="Biru Tua, Cokelat, Hijau Tua", note=CARE),
    item("SAR", "Sarung Tenun Katun Kotak Halus Dewasa", "sarung", "sarong", price=145000, weight=480, size="28 x 22 x 5 cm",
         about="Sarung tenun motif kotak dengan benang rapat dan lembut. Tidak kaku sejak pemakaian pertama, pas untuk salat dan santai di rumah.",
         facts="Bahan: katun 100%; Ukuran: 124 x 210 cm; Sudah dijahit, siap pakai; Motif kotak dua arah", looks="Marun, Hijau, Biru Tua, Abu", note=CARE),
    item("SMG", "Sarung Batik Mega Mendung Katun", "sarung", "sarong-mega", price=165000, weight=450, size="28 x 22 x 5 cm",
         about="Sarung batik cap motif awan dengan warna yang tenang. Bahan sejuk dan mudah kering.",
         facts="Bahan: katun prima; Ukuran: 120 x 200 cm; Proses: batik cap; Jahitan samping rapi", looks="Biru, Toska", note=CARE),
    item("HJB", "Hijab Segi Empat Voal Premium Polos Anti Letoy", "hijab", "hijab", price=49000, weight=110, size="20 x 16 x 2 cm",
         about="Voal lembut yang mudah dibentuk dan tegak di dahi. Tepi laser cut halus, tidak menerawang, nyaman untuk harian.",
         facts="Bahan: voal ultrafine; Ukuran: 115 x 115 cm; Tepi: laser cut; Tidak perlu setrika panas tinggi", looks="Krem, Dusty Pink, Sage, Hitam, Biru Langit, Lilac", note=CARE),
    item("HJM", "Hijab Voal Motif Bunga Melati 110 x 110", "hijab", "hijab-floral", price=69000, weight=110, size="20 x 16 x 2 cm",
         about="Motif melati digambar sendiri oleh tim kami, dicetak dengan tinta yang tajam dan tidak kaku.",
         facts="Bahan: voal premium; Ukuran: 110 x 110 cm; Cetak digital satu sisi; Tepi jahit kecil", looks="Gading, Biru Tua, Merah Muda", note=CARE),
    item("GMS", "Gamis Polos Crinkle Airflow Busui Friendly", "gamis", "gown", price=199000, weight=520, size="32 x 26 x 5 cm",
         about="Gamis crinkle yang jatuh, tidak perlu disetrika, dan tidak gerah. Resleting depan memudahkan ibu menyusui.",
         facts="Bahan: crinkle airflow; Lebar rok: 260 cm; Saku samping kanan; Manset karet", looks="Marun, Sage, Hitam", pick="Ukuran: S, M, L, XL+15000/40", note=WOMEN),
    item("GMF", "Gamis Motif Bunga Katun Jepang Kerah Bulat", "gamis", "gown-floral", price=235000, weight=500, size="32 x 26 x 5 cm",
         about="Gamis harian bermotif bunga kecil dengan kerah bulat dan tali pinggang. Warnanya lembut, cocok untuk mengajar atau pengajian.",
         facts="Bahan: katun Jepang; Kancing depan busui; Tali pinggang; Lengan lonceng dengan karet", looks="Dusty Pink, Biru Langit", pick="Ukuran: S, M, L, XL+15000/40", note=WOMEN),
    item("KOK", "Baju Koko Lengan Panjang Katun Poplin Polos", "koko", "koko", price=179000, weight=300, size="30 x 24 x 3 cm",
         about="Koko polos berpotongan reguler dengan jahitan halus. Tidak mudah kusut sehingga tetap rapi dari subuh sampai isya.",
         facts="Bahan: poplin katun halus; Kancing tersembunyi; Saku dada; Belahan samping 12 cm", looks="Putih, Hitam, Biru Tua", pick=SIZES, note=MEN),
)  # fmt: skip
