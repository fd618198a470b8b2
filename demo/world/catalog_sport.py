"""Gelora Lapang: sports goods from Bekasi."""

from demo.world.builder import shelf

item = shelf("gelora-lapang", "GL")

SWAP = "Boleh tukar ukuran dalam 7 hari selama label masih terpasang. Ongkos kirim tukar ditanggung bersama."
JERSEY = (
    "Panduan ukuran (lebar dada x panjang):\nS: 48 x 68 cm\nM: 50 x 70 cm\nL: 52 x 72 cm\nXL: 54 x 74 cm\n\n" + SWAP
)
TOOL = "Diperiksa sebelum dikirim. Garansi 30 hari untuk cacat produksi."

PRODUCTS = (
    item("BLA", "Bola Sepak Ukuran 5 Jahit Mesin Latihan", "bola-raket", "football", price=145000, weight=460, size="22 x 22 x 22 cm",
         about="Pantulan stabil di rumput maupun tanah. Dikirim setengah kempis agar aman, pompa mini bisa ditambahkan.",
         facts="Kulit PU; Bladder butyl; Ukuran 5; Berat standar 420-445 g", looks="Putih Biru, Merah Putih, Neon", note=TOOL),
    item("BLF", "Bola Futsal Ukuran 4 Pantulan Rendah", "bola-raket", "football", price=155000, weight=450, size="21 x 21 x 21 cm",
         about="Khusus lapangan dalam ruangan: pantulan rendah dan kontrol yang enak di kaki.",
         facts="Ukuran 4; Kulit PU tekstur; Isi busa bladder", looks="Kuning, Putih Biru", note=TOOL),
    item("RKT", "Raket Bulu Tangkis Karbon Ringan Siap Main", "bola-raket", "racket", price=289000, weight=380, size="70 x 24 x 4 cm",
         about="Rangka karbon seimbang untuk pemain ganda. Sudah terpasang senar 24 lbs dan grip.",
         facts="Berat: 4U (80-84 g); Keseimbangan: rata; Tas penutup penuh termasuk", looks="Biru, Merah, Neon", note=TOOL),
    item("RKP", "Set Raket Bulu Tangkis Pemula Isi 2 + Kok", "bola-raket", "racket", price=165000, weight=720, size="70 x 26 x 6 cm",
         about="Cukup satu paket untuk main di halaman: dua raket, tiga kok, dan tas.",
         facts="Rangka aluminium; 2 raket, 3 kok nilon; Tas jaring", looks="Toska, Oranye", note=TOOL),
    item("DBL", "Dumbbell Heksagonal Lapis Karet Sepasang", "kebugaran", "dumbbell", price=119000, weight=2100, size="20 x 16 x 10 cm",
         about="Bentuk heksagonal tidak menggelinding, gagang bergerigi halus mantap digenggam.",
         facts="Dijual sepasang; Besi cor lapis karet; Gagang krom", looks="Hitam Oranye", pick="Berat per buah: 1 kg, 2 kg+95000/2000, 3 kg+185000/4000, 5 kg+365000/8000", note=TOOL),
    item("DBW", "Dumbbell Warna Lapis Neoprena Sepasang", "kebugaran", "dumbbell", price=99000, weight=2100, size="18 x 14 x 9 cm",
         about="Lapisan neoprena lembut untuk senam dan aerobik di rumah, tidak licin saat berkeringat.",
         facts="Dijual sepasang @ 1 kg; Lapisan neoprena; Tahan keringat", looks="Merah Muda, Toska, Lilac", note=TOOL),
    item("MAT", "Matras Yoga TPE Anti Licin dengan Tali", "kebugaran", "yoga-mat", price=159000, weight=980, size="62 x 13 x 13 cm",
         about="Dua lapis TPE tanpa bau karet, empuk di lutut dan tetap lengket di lantai.",
         facts="Ukuran: 183 x 61 cm; Tali pembawa; Bisa dicuci air", looks="Lilac, Sage, Biru Tua", pick="Tebal: 6 mm, 8 mm+35000/250", note=TOOL),
    item("SKP", "Tali Skipping Anyaman Bantalan Peluru", "kebugaran", "skipping-rope", price=49000, weight=190, size="20 x 14 x 4 cm",
         about="Putaran mulus berkat bantalan peluru, panjang bisa diatur untuk anak dan dewasa.",
         facts="Panjang: 3 m dapat dipotong; Gagang busa; Kantong jaring", looks="Hitam Oranye, Neon, Merah Muda", note=TOOL),
    item("JRS", "Jersey Olahraga Dry Cool Lengan Pendek", "pakaian-olahraga", "jersey", price=89000, weight=160, size="28 x 22 x 2 cm",
         about="Kain berpori yang mengalirkan keringat. Cocok untuk futsal, lari, dan sepeda.",
         facts="Poliester dry cool 150 gsm; Jahitan rantai; Sablon karet lentur", looks="Biru, Merah Putih, Neon", pick="Ukuran: S, M, L, XL+10000/20", note=JERSEY),
    item("JRT", "Jersey Tim Pesan Nama dan Nomor", "pakaian-olahraga", "jersey", price=115000, weight=170, size="28 x 22 x 2 cm",
         about="Tulis nama dan nomor punggung di catatan pesanan. Dikerjakan 3 hari kerja, minimal satu potong.",
         facts="Cetak sublimasi tidak luntur; Kain jacquard berpori; Bebas pilih nomor 0-99", looks="Hijau, Ungu, Hitam Oranye", pick="Ukuran: S, M, L, XL+10000/20", note=JERSEY),
    item("CLN", "Celana Training Panjang Tali Serut", "pakaian-olahraga", "trousers", price=125000, weight=320, size="30 x 24 x 3 cm",
         about="Bahan lentur dengan saku resleting, pinggang karet bertali. Enak untuk latihan dan santai.",
         facts="Trikot dan spandeks; Saku samping resleting; Ujung kaki lurus", looks="Hitam, Biru Tua, Abu", pick="Ukuran: M, L, XL+10000/20", note=SWAP),
    item("TPI", "Topi Olahraga Cepat Kering Tali Belakang", "pakaian-olahraga", "cap", price=65000, weight=100, size="26 x 18 x 12 cm",
         about="Ringan dengan pita keringat di dalam, lidah topi melengkung menahan silau.",
         facts="Lingkar: 54-60 cm; Lubang udara bordir; Cepat kering", looks="Hitam Oranye, Biru, Krem, Neon", note=SWAP),
    item("BTS", "Botol Minum Olahraga Tutup Klik 1 Liter", "kebugaran", "flask", price=59000, weight=190, size="9 x 9 x 27 cm",
         about="Sekali klik langsung minum, tidak bocor di tas. Ada takaran di sisi botol.",
         facts="Kopoliester bebas BPA; Isi: 1.000 ml; Tali jinjing", looks="Biru, Merah, Neon", note=TOOL),
    item("HND", "Handuk Olahraga Mikrofiber Ringkas", "kebugaran", "towel", price=39000, weight=130, size="18 x 12 x 4 cm",
         about="Cepat kering dan kecil dilipat, muat di saku tas raket.",
         facts="Mikrofiber; Kantong jaring termasuk", looks="Biru, Abu, Fuchsia", pick="Ukuran: 30 x 80, 60 x 120+26000/120", note=TOOL),
    item("SPT", "Sepatu Futsal Sol Karet Cengkeram Kuat", "sneakers", "sneaker", price=245000, weight=720, size="32 x 20 x 12 cm",
         about="Sol karet mentah menggigit lantai futsal, jahitan depan diperkuat untuk tendangan ujung kaki.",
         facts="Kulit sintetis; Sol karet tanpa bekas; Panjang telapak 40: 25 cm, 41: 25,5 cm, 42: 26,5 cm, 43: 27 cm", looks="Neon, Merah Putih", pick="Ukuran: 40, 41, 42, 43", note=SWAP),
)  # fmt: skip
