"""Colok Pintar: accessories for phones and desks, from Jakarta."""

from demo.world.builder import shelf

item = shelf("colok-pintar", "CP")

WARRANTY = "Garansi toko 12 bulan tukar baru untuk kerusakan pabrik. Simpan kotak dan nota pesanan. Setiap unit diuji sebelum dikirim."
SHORT = "Garansi toko 3 bulan. Mohon pilih tipe dengan teliti; salah tipe dapat ditukar selama segel belum dibuka."

PRODUCTS = (
    item("CSG", "Casing HP Silikon Lembut Lapisan Mikrofiber", "casing", "phone-case", price=45000, weight=60, size="17 x 9 x 1 cm",
         about="Silikon cair yang halus di tangan dengan lapisan mikrofiber di dalam. Sudut dinaikkan untuk melindungi kamera.",
         facts="Bahan: silikon cair; Tebal: 1,8 mm; Mendukung pengisian nirkabel", looks="Biru Tua, Sage, Merah Muda", pick="Layar: 6.1 inci, 6.5 inci, 6.7 inci+5000", note=SHORT),
    item("CSA", "Casing HP Anti Banting Sudut Udara", "casing", "phone-case", price=59000, weight=75, size="17 x 9 x 1 cm",
         about="Empat sudut berisi udara meredam jatuh dari ketinggian 1,5 meter. Tetap tipis di saku.",
         facts="Bahan: TPU dan polikarbonat; Lulus uji jatuh 1,5 m; Tombol terasa empuk", looks="Hitam Oranye, Perak", pick="Layar: 6.1 inci, 6.5 inci, 6.7 inci+5000", note=SHORT),
    item("CH3", "Charger Cepat GaN Dua Port USB-C", "charger-kabel", "charger", price=149000, weight=130, size="6 x 5 x 4 cm",
         about="Kecil tetapi bertenaga. Teknologi GaN membuat charger tetap sejuk saat mengisi HP dan tablet bersamaan.",
         facts="Keluaran: USB-C PD dan USB-A; Proteksi suhu, arus, dan tegangan; Colokan Indonesia", looks="Putih, Hitam", pick="Daya: 33 W, 65 W+110000/40", note=WARRANTY),
    item("CH2", "Kepala Charger 20 W USB-C Mungil", "charger-kabel", "charger", price=79000, weight=70, size="4 x 4 x 3 cm",
         about="Mengisi setengah baterai dalam sekitar 30 menit. Cocok untuk dibawa bepergian.",
         facts="Keluaran: USB-C PD 20 W; Bahan tahan api; Berat hanya 48 g", looks="Putih, Mint", note=WARRANTY),
    item("KBL", "Kabel Data USB-C Anyaman Nilon Kuat", "charger-kabel", "cable", price=39000, weight=55, size="12 x 10 x 3 cm",
         about="Anyaman nilon rapat tahan tekuk puluhan ribu kali. Mengisi cepat sekaligus transfer data.",
         facts="Daya hingga 60 W; Kepala logam; Termasuk pengikat kabel", looks="Abu, Merah, Biru", pick="Panjang: 1 m, 2 m+16000/30", note=WARRANTY),
    item("KBT", "Kabel 3 in 1 Lipat Gantungan Kunci", "charger-kabel", "cable", price=49000, weight=45, size="10 x 8 x 3 cm",
         about="Satu kabel untuk tiga jenis colokan, cukup pendek untuk digantung di tas.",
         facts="USB-C, mikro-USB, dan tipe L; Panjang: 25 cm; Hanya pengisian daya", looks="Hitam, Toska", note=SHORT),
    item("PWB", "Power Bank Tipis Pengisian Dua Arah", "charger-kabel", "powerbank", price=189000, weight=230, size="14 x 7 x 2 cm",
         about="Lampu indikator empat tingkat, kapasitas sesuai label, dan boleh dibawa ke kabin pesawat.",
         facts="Kapasitas terukur dan tertera; PD 22,5 W; Proteksi berlapis; Termasuk kabel pendek", looks="Hitam, Biru, Lilac", pick="Kapasitas: 10.000 mAh, 20.000 mAh+110000/180", note=WARRANTY),
    item("EBD", "Earbuds Nirkabel Peredam Bising Baterai 30 Jam", "audio", "earbuds", price=279000, weight=90, size="7 x 6 x 3 cm",
         about="Suara jernih dengan bas yang tidak berlebihan. Peredam bising membantu fokus di kereta dan kantor.",
         facts="Bluetooth 5.3; Total 30 jam dengan kotak; Tahan percikan IPX4; Tiga ukuran karet telinga", looks="Putih, Hitam, Sage", note=WARRANTY),
    item("EBS", "Earbuds Ringan Setengah Telinga untuk Telepon", "audio", "earbuds", price=149000, weight=80, size="6 x 6 x 3 cm",
         about="Nyaman dipakai lama tanpa rasa menekan. Dua mikrofon membuat suara Anda jelas saat rapat.",
         facts="Bluetooth 5.2; Total 20 jam; Kontrol sentuh; Sambung otomatis", looks="Gading, Biru Tua", note=WARRANTY),
    item("SPK", "Speaker Bluetooth Mini Tahan Air Tali Gantung", "audio", "speaker", price=199000, weight=380, size="11 x 11 x 5 cm",
         about="Bas empuk dalam ukuran genggaman. Gantung di kamar mandi, sepeda, atau tenda.",
         facts="Daya: 8 W; Tahan air IPX7; Baterai 12 jam; Dua unit bisa stereo", looks="Terakota, Biru Tua, Hitam Oranye", note=WARRANTY),
    item("JAM", "Jam Tangan Pintar Layar AMOLED Pantau Tidur", "jam-pintar", "smartwatch", price=449000, weight=120, size="9 x 9 x 6 cm",
         about="Layar terang di bawah matahari, pantau langkah, detak jantung, dan tidur. Notifikasi dalam bahasa Indonesia.",
         facts="Layar: 1,8 inci AMOLED; Baterai hingga 7 hari; Tahan air 5 ATM; 100 mode olahraga", looks="Hitam Oranye, Merah Muda, Hijau Tua", note=WARRANTY),
    item("STD", "Dudukan HP Lipat Aluminium Meja", "meja-kerja", "phone-stand", price=69000, weight=190, size="12 x 8 x 3 cm",
         about="Sudut bisa diatur dua engsel, alas karet tidak menggores. Muat HP hingga tablet 10 inci.",
         facts="Bahan: aluminium; Beban hingga 1 kg; Lipat rata 2 cm", looks="Perak, Hitam Oranye", note=SHORT),
    item("LMP", "Lampu Ring Light 26 cm dengan Tripod", "meja-kerja", "ring-light", price=165000, weight=950, size="36 x 30 x 9 cm",
         about="Tiga warna cahaya dan sepuluh tingkat terang untuk siaran langsung, rapat, dan foto produk.",
         facts="Diameter: 26 cm; Daya USB 10 W; Penjepit HP", looks="Hitam", pick="Tripod: 50 cm, 160 cm+65000/500, 210 cm+95000/700", note=WARRANTY),
    item("KEY", "Keyboard Mekanik Ringkas 68 Tombol Nirkabel", "meja-kerja", "keyboard", price=385000, weight=720, size="33 x 13 x 5 cm",
         about="Tata letak ringkas dengan suara ketikan yang lembut. Sambung ke tiga perangkat dan berpindah dengan satu tombol.",
         facts="Sakelar dapat diganti; Bluetooth, 2.4 GHz, dan kabel; Baterai 3000 mAh; Tutup tombol PBT", looks="Krem, Biru Langit, Abu", pick="Sakelar: Linear, Taktil+15000", note=WARRANTY),
    item("SPL", "Speaker Meja Kain Rumahan Suara Hangat", "audio", "speaker", price=329000, weight=1150, size="20 x 16 x 14 cm",
         about="Badan kain dan suara hangat yang pas untuk ruang tamu. Bisa juga disambung kabel ke televisi.",
         facts="Daya: 20 W; Bluetooth 5.3 dan AUX; Adaptor termasuk", looks="Krem, Abu", note=WARRANTY),
)  # fmt: skip
