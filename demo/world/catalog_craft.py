"""Anyam Nusa: handicrafts from Gianyar."""

from demo.world.builder import shelf

item = shelf("anyam-nusa", "AN")

HAND = "Dibuat dengan tangan oleh perajin desa, sehingga ukuran dan warna dapat sedikit berbeda dari foto. Simpan di tempat kering; lap dengan kain agak lembap."
CLAY = "Dibakar 1.220 derajat, aman untuk makanan dan microwave. Kemasan berlapis jerami kertas; pecah di jalan kami ganti."

PRODUCTS = (
    item("KRG", "Keranjang Rotan Piknik Lapis Kain Kotak", "anyaman", "basket", price=235000, weight=900, size="40 x 28 x 36 cm",
         about="Rotan alami dianyam rapat dengan pegangan kokoh. Kain pelapis bisa dilepas dan dicuci.",
         facts="Bahan: rotan dan katun; Beban hingga 8 kg; Waktu pengerjaan 3 hari", looks="Rotan, Sogan", pick="Ukuran: Sedang, Besar+85000/400", note=HAND),
    item("KRB", "Keranjang Bambu Serbaguna Cucian", "anyaman", "basket", price=145000, weight=850, size="42 x 42 x 40 cm",
         about="Anyaman bambu tebal yang tidak menggores. Cocok untuk cucian, mainan, atau pot tanaman.",
         facts="Bahan: bambu tali; Diawetkan dengan garam; Tinggi 38 cm", looks="Bambu, Cokelat", note=HAND),
    item("TMP", "Tampah Saji Rotan Bundar dengan Mangkuk Kayu", "anyaman", "tray", price=189000, weight=780, size="36 x 36 x 9 cm",
         about="Satu set untuk menyajikan buah dan camilan: tampah rotan, mangkuk kayu jati, dan sendok.",
         facts="Diameter tampah: 35 cm; Mangkuk jati 16 cm; Dilapisi minyak food grade", looks="Rotan, Sogan", note=HAND),
    item("TTK", "Tatakan Piring Anyam Pandan Isi 6", "anyaman", "tray", price=95000, weight=360, size="30 x 30 x 4 cm",
         about="Enam tatakan pandan laut untuk meja yang hangat. Tahan panas piring dan mudah dilap.",
         facts="Isi: 6 lembar; Diameter: 28 cm; Pandan laut alami", looks="Bambu, Krem", note=HAND),
    item("MUG", "Mug Keramik Glasir Celup Buatan Tangan 300 ml", "keramik", "mug", price=85000, weight=420, size="12 x 9 x 10 cm",
         about="Setiap mug dicelup satu per satu, tetesan glasirnya tidak pernah sama. Nyaman digenggam, menjaga kopi tetap hangat.",
         facts="Isi: 300 ml; Tanah liat stoneware; Tinggi: 9 cm", looks="Gading, Biru Langit, Sage, Terakota", note=CLAY),
    item("MGP", "Sepasang Mug Keramik Kotak Kado", "keramik", "mug", price=169000, weight=950, size="24 x 14 x 12 cm",
         about="Dua mug senada untuk hadiah pernikahan atau rumah baru. Kartu ucapan ditulis tangan, pesannya tulis di catatan.",
         facts="Isi: 2 mug @ 300 ml; Kotak kado; Kartu ucapan", looks="Putih Biru, Krem", note=CLAY),
    item("VAS", "Vas Keramik Leher Ramping dengan Bunga Kering", "keramik", "vase", price=149000, weight=900, size="18 x 18 x 24 cm",
         about="Bentuk membulat dengan garis kontras, sudah lengkap dengan rumput kering sehingga siap dipajang.",
         facts="Tinggi: 22 cm; Stoneware matte; Bunga kering termasuk", looks="Terakota, Putih, Hijau Tua", note=CLAY),
    item("PKK", "Piring Keramik Lukis Tangan Isi 4", "keramik", "plates", price=259000, weight=2100, size="26 x 26 x 12 cm",
         about="Empat piring bergaris kuas dan satu mangkuk kecil, dilukis satu per satu sebelum diglasir.",
         facts="Piring 22 cm, mangkuk 12 cm; Stoneware; Aman mesin cuci piring", looks="Putih Biru, Sage", note=CLAY),
    item("WYG", "Wayang Kulit Hias Tatah Sungging 45 cm", "hiasan", "wayang", price=325000, weight=350, size="55 x 25 x 3 cm",
         about="Kulit kerbau ditatah halus dan disungging berlapis. Cocok untuk hiasan dinding atau cendera mata tamu.",
         facts="Tinggi: 45 cm; Kulit kerbau; Gapit tanduk sintetis; Dikemas tabung karton", looks="Sogan, Biru Tua", pick="Tampilan: Tanpa bingkai, Berbingkai+175000/1400", note=HAND),
    item("MCR", "Hiasan Dinding Macrame Ranting Kayu", "hiasan", "macrame", price=139000, weight=520, size="60 x 20 x 8 cm",
         about="Simpul katun di atas ranting kayu hanyut. Memberi kesan hangat pada dinding kamar atau studio.",
         facts="Lebar: 50 cm; Panjang: 75 cm; Tali katun 4 mm", looks="Gading, Sage, Terakota", note=HAND),
    item("TPL", "Taplak Tenun Endek Garis Rumbai", "hiasan", "cloth-stripes", price=175000, weight=320, size="28 x 22 x 4 cm",
         about="Tenun ikat garis dengan rumbai simpul tangan. Bisa menjadi taplak, selendang, atau penutup bangku.",
         facts="Ukuran: 150 x 60 cm; Katun; Ditenun alat tenun tangan", looks="Toska, Marun, Mustard", note=HAND),
    item("BTL", "Sarung Bantal Tenun Motif Kawung 45 x 45", "hiasan", "pillow", price=89000, weight=190, size="30 x 24 x 3 cm",
         about="Sarung bantal kursi dari kain tebal bermotif kawung, lis kontras di tepi. Tanpa isi.",
         facts="Ukuran: 45 x 45 cm; Resleting tersembunyi; Tanpa bantal isi", looks="Mustard, Hijau Tua, Marun", note=HAND),
    item("LLN", "Lilin Aroma Kedelai dalam Gelas 180 g", "lilin-aroma", "candle", price=79000, weight=380, size="9 x 9 x 10 cm", color="Aroma", looks="Kamboja=Gading, Kopi=Kopi, Serai=Pandan, Cendana=Terakota",
         about="Lilin kedelai dengan sumbu katun, menyala sekitar 35 jam tanpa jelaga. Wangi lembut yang tidak membuat pusing.",
         facts="Berat: 180 g; Minyak atsiri; Gelas bisa dipakai ulang", note="Potong sumbu 5 mm sebelum menyalakan. Jangan tinggalkan lilin menyala tanpa pengawasan."),
    item("SBN", "Sabun Batang Minyak Kelapa Bali Isi 2", "lilin-aroma", "soap", price=55000, weight=230, size="12 x 8 x 4 cm", color="Aroma", looks="Kamboja=Putih, Serai=Pandan, Kelapa=Cokelat Muda",
         about="Sabun proses dingin dari minyak kelapa murni, dibungkus kertas daur ulang bercap tangan.",
         facts="Isi: 2 batang @ 100 g; Tanpa pewarna sintetis; Busa lembut", note="Gunakan wadah yang tiris agar sabun awet."),
    item("DFK", "Difuser Stik Rotan Botol Keramik 120 ml", "lilin-aroma", "diffuser", price=115000, weight=420, size="9 x 9 x 26 cm", color="Aroma", looks="Kamboja=Dusty Pink, Teh Putih=Sage, Vetiver=Sogan",
         about="Botol keramik buatan tangan dengan minyak wangi alami, tahan sekitar dua bulan.",
         facts="Isi: 120 ml; 8 stik rotan; Isi ulang tersedia lewat chat", note=CLAY),
)  # fmt: skip
