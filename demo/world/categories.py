"""The category tree of the shop window; an icon is the key of a drawing."""

from demo.world.model import Category

# A line per top, then its leaves: slug | Indonesian | English | drawing
_TREE = """
batik|Batik & Tenun|Batik & Weaving|shirt-kawung
  kemeja-batik|Kemeja Batik|Batik Shirts|shirt-kawung
  blus-dress-batik|Blus & Dress Batik|Batik Blouses & Dresses|gown-kawung
  kain-batik|Kain & Selendang|Cloths & Shawls|cloth-parang
  sarung|Sarung|Sarongs|sarong
fashion-muslim|Fashion Muslim|Modest Fashion|hijab
  hijab|Hijab|Hijabs|hijab
  gamis|Gamis|Long Dresses|gown
  koko|Baju Koko|Koko Shirts|koko
kecantikan|Kecantikan|Beauty|serum
  serum-toner|Serum & Toner|Serums & Toners|toner
  pelembap|Pelembap & Tabir Surya|Moisturizers & Sunscreen|cream-jar
  pembersih|Pembersih & Sabun|Cleansers & Soap|soap
  masker-wajah|Masker Wajah|Face Masks|sheet-mask
  riasan|Riasan|Make-up|lipstick
minuman|Kopi & Teh|Coffee & Tea|coffee-bag
  kopi|Kopi|Coffee|coffee-bag
  teh|Teh & Wedang|Tea & Herbal Drinks|tea-box
  sirup-gula|Sirup & Gula Aren|Syrups & Palm Sugar|syrup
makanan|Camilan & Bumbu|Snacks & Condiments|snack-pouch
  keripik|Keripik & Camilan|Chips & Snacks|snack-pouch
  kue-kering|Kue Kering|Cookies|cookie-tin
  sambal|Sambal & Bumbu|Sambal & Spices|sambal-jar
  madu|Madu & Selai|Honey & Spreads|honey-jar
sepatu|Sepatu & Sandal|Shoes & Sandals|sneaker
  sneakers|Sneakers|Sneakers|sneaker
  sepatu-formal|Sepatu Formal|Formal Shoes|loafer
  sepatu-wanita|Sepatu Wanita|Women's Shoes|flats
  sandal|Sandal|Sandals|sandal
tas|Tas & Aksesori|Bags & Accessories|backpack
  ransel|Ransel|Backpacks|backpack
  tas-wanita|Tas Wanita|Women's Bags|sling-bag
  tote-bag|Tote Bag|Tote Bags|tote
  dompet-ikat-pinggang|Dompet & Ikat Pinggang|Wallets & Belts|wallet
gadget|Aksesori Gadget|Gadget Accessories|earbuds
  casing|Casing HP|Phone Cases|phone-case
  charger-kabel|Charger & Kabel|Chargers & Cables|charger
  audio|Audio|Audio|speaker
  jam-pintar|Jam Pintar|Smartwatches|smartwatch
  meja-kerja|Meja Kerja & Konten|Desk & Content|keyboard
dapur|Peralatan Dapur|Kitchen|pan
  alat-masak|Alat Masak|Cookware|pan
  pisau-talenan|Pisau & Talenan|Knives & Boards|knives
  bekal-minum|Bekal & Botol Minum|Lunch & Bottles|tumbler
  piring-gelas|Piring & Gelas|Tableware|plates
rumah|Rumah & Kamar|Home & Bedroom|lamp
  sprei-bantal|Sprei & Bantal|Bedding|bed-sheet
  lampu-dekorasi|Lampu & Dekorasi|Lighting & Decor|lamp
  penyimpanan|Penyimpanan|Storage|storage-box
  handuk|Handuk|Towels|towel
bayi-mainan|Bayi & Mainan|Baby & Toys|plush
  baju-bayi|Baju & Selimut Bayi|Baby Clothes & Blankets|onesie
  makan-bayi|Perlengkapan Makan Bayi|Baby Feeding|baby-bottle
  boneka|Boneka|Plush Toys|plush
  mainan-edukasi|Mainan Edukasi|Educational Toys|blocks
olahraga|Olahraga|Sports|football
  kebugaran|Kebugaran|Fitness|dumbbell
  bola-raket|Bola & Raket|Balls & Rackets|football
  pakaian-olahraga|Pakaian Olahraga|Sportswear|jersey
kerajinan|Kerajinan Tangan|Handicrafts|basket
  anyaman|Anyaman|Woven Goods|basket
  keramik|Keramik|Ceramics|mug
  hiasan|Hiasan Rumah|Home Ornaments|wayang
  lilin-aroma|Lilin & Aroma|Candles & Scents|candle
"""


def _read() -> tuple[Category, ...]:
    found: list[Category] = []
    top: str | None = None
    for line in _TREE.strip().splitlines():
        slug, name_id, name_en, icon = line.strip().split("|")
        leaf = line.startswith(" ")
        found.append(Category(slug, name_id, name_en, icon, top if leaf else None))
        top = top if leaf else slug
    return tuple(found)


CATEGORIES = _read()
