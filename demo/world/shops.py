"""The nine shops of the demo world."""

from datetime import date

from demo.world.model import Location, OpeningHours, Shop
from demo.world.palettes import PALETTES

WEEK = (0, 1, 2, 3, 4)
LATE = (OpeningHours((*WEEK, 5), "08:00", "20:00"), OpeningHours((6,), "10:00", "16:00"))
OFFICE = (OpeningHours(WEEK, "08:00", "17:00"), OpeningHours((5,), "08:00", "13:00"))
SHOWROOM = (OpeningHours((*WEEK, 5), "09:00", "18:00"),)

SHOPS = (
    Shop("sekar-laras", "Sekar Laras", "Batik pesisir dari tangan pembatik", "Coastal batik from its makers' hands",
         "Sekar Laras bekerja bersama 24 pembatik rumahan di Pekalongan. Motif klasik dengan potongan masa kini, dari kemeja kerja sampai gamis harian. Pesanan masuk sebelum pukul 14.00 kami proses hari itu juga.",
         "Sekar Laras works with 24 home batik makers in Pekalongan: classic motifs in cuts of today, from office shirts to everyday gowns. Orders before 2 pm are handled the same day.",
         Location("33", "3375", "Pekalongan Barat", "51117", "Jl. Canting Raya No. 18"), "Asia/Jakarta", "+6281300001101", LATE,
         ("jne", "jnt", "sicepat", "pos"), "automatic", 1, date(2024, 3, 11), "seller@etalase.test", "shirt-kawung", PALETTES["Sogan"]),
    Shop("kirana-rupa", "Kirana Rupa", "Perawatan kulit tropis yang jujur", "Honest care for tropical skin",
         "Formula sederhana untuk kulit di iklim lembap: kandungan ditulis apa adanya, harga masuk akal. Tim kami menjawab konsultasi kulit setiap hari.",
         "Simple formulas for skin in a humid climate: ingredients plainly stated, fair prices. We answer skin questions every day.",
         Location("32", "3273", "Coblong", "40132", "Jl. Sawo Kecik No. 7"), "Asia/Jakarta", "+6281300001102", LATE,
         ("jne", "jnt", "sicepat", "anteraja", "idexpress"), "automatic", 1, date(2024, 6, 3), "pemilik.kirana-rupa@contoh.etalase.test", "serum", PALETTES["Dusty Pink"]),
    Shop("kedai-lereng", "Kedai Lereng", "Kopi lereng dan camilan rumahan", "Mountain coffee and home snacks",
         "Kami menyangrai kopi dari petani lereng Semeru dan memasak camilan dalam panci kecil. Karena dibuat segar, setiap pesanan kami konfirmasi dulu sebelum dikemas.",
         "We roast coffee from farmers on the slopes of Semeru and cook snacks in small pots. As all is made fresh, we confirm each order before packing.",
         Location("35", "3573", "Lowokwaru", "65141", "Jl. Bukit Kopi No. 24"), "Asia/Jakarta", "+6281300001103", OFFICE,
         ("jne", "jnt", "anteraja", "lion", "own"), "manual", 2, date(2024, 9, 16), "seller@etalase.test", "coffee-bag", PALETTES["Kopi"]),
    Shop("tapak-cemara", "Tapak Cemara", "Sepatu dan tas buatan pengrajin Bandung", "Shoes and bags by Bandung makers",
         "Dua generasi membuat sepatu dan tas di Cibaduyut. Bahan dipilih sendiri, jahitan bergaransi, salah ukuran boleh tukar.",
         "Two generations of shoe and bag makers in Cibaduyut. Hand-picked material, guaranteed seams, sizes can be exchanged.",
         Location("32", "3273", "Bojongloa Kidul", "40236", "Jl. Kulit Raya No. 91"), "Asia/Jakarta", "+6281300001104", SHOWROOM,
         ("jne", "jnt", "sicepat", "ninja", "sap"), "automatic", 2, date(2024, 1, 22), "pemilik.tapak-cemara@contoh.etalase.test", "sneaker", PALETTES["Hijau Tua"]),
    Shop("colok-pintar", "Colok Pintar", "Aksesori gadget yang diuji sebelum dikirim", "Gadget accessories, tested before they ship",
         "Setiap charger, kabel, dan earbuds kami uji satu per satu. Garansi tukar baru tanpa ribet, kirim dari Jakarta Pusat setiap hari.",
         "Every charger, cable and pair of earbuds is tested one by one. Plain replacement warranty, shipped from Central Jakarta daily.",
         Location("31", "3171", "Sawah Besar", "10730", "Jl. Mangga Muda Blok C No. 5"), "Asia/Jakarta", "+6281300001105", LATE,
         ("jne", "jnt", "sicepat", "anteraja", "ninja", "idexpress"), "automatic", 1, date(2023, 11, 6), "seller2@etalase.test", "charger", PALETTES["Neon"]),
    Shop("dapur-rumbia", "Dapur Rumbia", "Isi dapur dan rumah yang awet dipakai", "Kitchen and home goods made to last",
         "Peralatan dapur dan rumah pilihan yang kami pakai sendiri di rumah. Barang pecah belah dikemas kardus ganda.",
         "Kitchen and home goods that we use ourselves. Fragile things travel in double cartons.",
         Location("35", "3515", "Waru", "61256", "Jl. Rumbia Indah No. 33"), "Asia/Jakarta", "+6281300001106", SHOWROOM,
         ("jne", "jnt", "sicepat", "lion", "sap"), "automatic", 2, date(2024, 4, 29), "pemilik.dapur-rumbia@contoh.etalase.test", "kettle", PALETTES["Terakota"]),
    Shop("bintang-mungil", "Bintang Mungil", "Teman tumbuh si kecil", "Growing up with your little one",
         "Baju lembut dan mainan kayu yang aman, dipilih oleh ibu untuk ibu. Bungkus kado gratis untuk semua pesanan.",
         "Soft clothes and safe wooden toys, chosen by mothers for mothers. Gift wrap is free with every order.",
         Location("36", "3674", "Pondok Aren", "15224", "Jl. Kejora Timur No. 12"), "Asia/Jakarta", "+6281300001107", LATE,
         ("jne", "jnt", "sicepat", "anteraja"), "automatic", 1, date(2024, 7, 15), "pemilik.bintang-mungil@contoh.etalase.test", "plush", PALETTES["Kuning"]),
    Shop("gelora-lapang", "Gelora Lapang", "Perlengkapan olahraga untuk semua", "Sports gear for everyone",
         "Dari lapangan kampung sampai studio yoga. Jersey tim bisa pesan nama dan nomor tanpa minimal pemesanan.",
         "From village pitch to yoga studio. Team jerseys with name and number, from a single piece.",
         Location("32", "3275", "Bekasi Selatan", "17141", "Jl. Stadion Lama No. 45"), "Asia/Jakarta", "+6281300001108", LATE,
         ("jne", "jnt", "sicepat", "ninja", "lion"), "automatic", 2, date(2024, 2, 5), "pemilik.gelora-lapang@contoh.etalase.test", "football", PALETTES["Putih Biru"]),
    Shop("anyam-nusa", "Anyam Nusa", "Kerajinan tangan dari desa perajin", "Handicrafts from makers' villages",
         "Kami mengumpulkan karya 40 keluarga perajin di Bali dan Lombok: anyaman, keramik, tenun, dan lilin. Sebagian dibuat setelah dipesan, jadi kami konfirmasi dulu.",
         "We gather the work of 40 families in Bali and Lombok: plaiting, ceramics, weaving and candles. Some pieces are made to order, so we confirm first.",
         Location("51", "5104", "Ubud", "80571", "Jl. Padi Menguning No. 9"), "Asia/Makassar", "+6281300001109", OFFICE,
         ("jne", "jnt", "pos", "lion", "own"), "manual", 3, date(2024, 8, 19), "pemilik.anyam-nusa@contoh.etalase.test", "basket", PALETTES["Rotan"]),
)  # fmt: skip
