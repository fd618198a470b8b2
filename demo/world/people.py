"""The people of the demo world: the fixed cast, the buyers, and the words they write on orders."""

from datetime import date, timedelta
from random import Random

from demo.world.model import Address, Location, Person, Role
from demo.world.places import PLACES
from demo.world.shops import SHOPS

BUYERS_COUNT = 120
SINCE = date(2024, 1, 8)

_FIRST = [
    "Adi",
    "Agus",
    "Aisyah",
    "Alya",
    "Amelia",
    "Andi",
    "Anisa",
    "Arif",
    "Ayu",
    "Bagas",
    "Bayu",
    "Bima",
    "Cahya",
    "Citra",
    "Dewi",
    "Dian",
    "Dimas",
    "Dinda",
    "Eka",
    "Endang",
    "Fajar",
    "Farhan",
    "Fitri",
    "Galih",
    "Gita",
    "Hana",
    "Hendra",
    "Indah",
    "Intan",
    "Joko",
    "Kartika",
    "Laras",
    "Lestari",
    "Made",
    "Maya",
    "Mega",
    "Nabila",
    "Nadia",
    "Nanda",
    "Putu",
    "Nur",
    "Putri",
    "Rahma",
    "Rama",
    "Ratna",
    "Reza",
    "Rizki",
    "Sari",
    "Satria",
    "Sinta",
    "Sri",
    "Tari",
    "Teguh",
    "Tri",
    "Umi",
    "Vina",
    "Wahyu",
    "Wayan",
    "Yoga",
    "Yuni",
    "Zahra",
]
_LAST = [
    "Anggraini",
    "Ardiansyah",
    "Aritonang",
    "Basuki",
    "Firmansyah",
    "Gunawan",
    "Hakim",
    "Handayani",
    "Harahap",
    "Hidayat",
    "Ismail",
    "Kurniawan",
    "Kusuma",
    "Lubis",
    "Mahendra",
    "Maharani",
    "Manurung",
    "Mulyani",
    "Nasution",
    "Nugroho",
    "Pangestu",
    "Permata",
    "Prasetyo",
    "Pratama",
    "Purnama",
    "Puspita",
    "Rahayu",
    "Rahmawati",
    "Ramadhan",
    "Salsabila",
    "Santoso",
    "Saputra",
    "Setiawan",
    "Simanjuntak",
    "Siregar",
    "Suharti",
    "Suryani",
    "Susanti",
    "Sutrisno",
    "Tampubolon",
    "Utami",
    "Wibowo",
    "Wijaya",
    "Wulandari",
    "Yulianti",
]
_STREETS = (
    "Jl. Melati",
    "Jl. Kenanga",
    "Jl. Anggrek Raya",
    "Jl. Flamboyan",
    "Gg. Mawar",
    "Jl. Cendrawasih",
    "Jl. Merpati",
    "Perum Griya Asri Blok",
    "Jl. Pemuda Dalam",
    "Jl. Bukit Indah",
    "Komp. Permai Blok",
    "Jl. Cempaka Timur",
)
_NOTES = ("Pagar hitam, sebelah musala", "Titip di pos satpam bila rumah kosong", "Rumah cat hijau, ada pohon mangga", "Telepon dulu sebelum antar", "Lantai 2, masuk lewat samping", "", "", "", "Depan warung Bu Tini")  # fmt: skip
# Names that pages must be able to carry: very long, one word, an apostrophe, an emoji.
_SPECIAL = (
    "Raden Ajeng Kusumaningrum Setyaningsih Wirahadiningrat Prawiroatmodjo",
    "Suparman",
    "Siti Nur'aini Ma'rufah",
    "Mawar 🌹 Anjani",
    "Yohana Wally",
    "I Gusti Ayu Agung Candra Pradnyani Dewi",
)

BUYER_NOTES = (
    "Tolong kirim sebelum Jumat ya kak, mau dipakai kondangan.", "Kalau warna habis, boleh diganti yang gelap.", "Bubble wrap tebal ya, terima kasih 🙏",
    "Mohon jangan dilipat terlalu kecil.", "Ini untuk hadiah, tolong nota tidak dimasukkan.", "Ukurannya tolong dicek dulu kak.", "Titip di satpam kalau saya tidak di rumah.",
    "Kopinya digiling agak kasar ya.", "Tulis kartu: Selamat ulang tahun Ibu, sehat selalu.", "Nama punggung: BIMA, nomor 10.", "Please leave it with the front desk, thank you!", "Tolong dikirim bareng pesanan yang tadi.",
)  # fmt: skip
SELLER_NOTES = (
    "Stok aman, dikirim sore ini.", "Bonus kartu ucapan dari kami.", "Sudah dicek dua kali, siap kirim.", "Pembeli minta dikemas kado.", "Minta konfirmasi warna lewat chat.", "Pelanggan lama, tambah stiker.",
)  # fmt: skip
DELAY_NOTES = (
    "Penjahit kami libur satu hari, pesanan dikirim besok pagi.", "Sangrai berikutnya hari Jumat supaya kopinya segar.", "Kurir terlambat menjemput karena hujan deras.", "Glasir perlu satu kali bakar lagi, mohon tunggu dua hari.",
)  # fmt: skip
CANCEL_NOTES = (
    "Salah pilih ukuran, mau pesan ulang.", "Ingin ganti alamat pengiriman.", "Lupa pakai voucher.", "Pembayaran tidak jadi dilanjutkan.", "Stok ternyata habis, mohon maaf.",
)  # fmt: skip
RETURN_NOTES = (
    "Toples retak saat diterima, video buka paket terlampir.", "Ukuran kekecilan, mohon tukar satu nomor di atas.", "Warna berbeda jauh dari foto.", "Barang kurang satu dari jumlah pesanan.",
)  # fmt: skip
SHOP_STAFF = (("sekar-laras", "staf.sekar@contoh.etalase.test"), ("kedai-lereng", "staf.lereng@contoh.etalase.test"), ("colok-pintar", "staf.colok@contoh.etalase.test"))  # fmt: skip


def _address(dice: Random, *, label: str, name: str, phone: str, place: tuple[str, str, str, str]) -> Address:
    street = (
        f"{dice.choice(_STREETS)} No. {dice.randint(1, 160)}, RT {dice.randint(1, 9):02d}/RW {dice.randint(1, 12):02d}"
    )
    province, city, district, postal_code = place
    return Address(label, name, phone, Location(province, city, district, postal_code, street), dice.choice(_NOTES))


def _person(
    number: int, email: str, name: str, *, role: Role = "buyer", language: str = "id", places: tuple[int, ...] = ()
) -> Person:
    dice = Random(number)
    phone = f"+62812{number:08d}"
    labels = ("Rumah", "Kantor", "Orang Tua")
    book = tuple(
        _address(dice, label=label, name=name, phone=phone, place=PLACES[at % len(PLACES)])
        for label, at in zip(labels, places, strict=False)
    )
    return Person(email, name, phone, role, language, SINCE + timedelta(days=number * 7 % 600), book)


def _cast() -> tuple[Person, ...]:
    fixed = (
        _person(9001, "buyer@etalase.test", "Rania Pramesti", places=(0, 7)),
        _person(9002, "buyer2@etalase.test", "Daniel Hutagaol", language="en", places=(30,)),
        _person(9003, "seller@etalase.test", "Laksmi Widyastuti", role="seller", places=(12,)),
        _person(9004, "seller2@etalase.test", "Bram Kusnadi", role="seller", places=(3,)),
        _person(9005, "operator@etalase.test", "Satya Operator", role="operator"),
    )
    known = {person.email for person in fixed}
    owners = [shop for shop in SHOPS if shop.owner_email not in known]
    names = ("Kirana Maheswari", "Asep Cemara", "Wulan Rumbiawati", "Dhea Bintari", "Yusuf Gelora", "Ni Luh Anyani")
    others = tuple(
        _person(9100 + n, shop.owner_email, name, role="seller")
        for n, (shop, name) in enumerate(zip(owners, names, strict=True))
    )
    staff_names = ("Tuti Kurniasih", "Gilang Ramdani", "Kevin Halim")
    staff = tuple(
        _person(9200 + n, email, name, role="staff")
        for n, ((_, email), name) in enumerate(zip(SHOP_STAFF, staff_names, strict=True))
    )
    return fixed + others + staff


def _buyers() -> tuple[Person, ...]:
    dice = Random(20240817)
    names = list(_SPECIAL)
    while len(names) < BUYERS_COUNT:
        name = f"{dice.choice(_FIRST)} {dice.choice(_LAST)}"
        if name not in names:
            names.append(name)
    return tuple(_buyer(number, name) for number, name in enumerate(names, start=1))


def _buyer(number: int, name: str) -> Person:
    if name == "Yohana Wally":  # lives in WIT, where a promised hour reads two hours later than in Jakarta
        places: tuple[int, ...] = (next(n for n, place in enumerate(PLACES) if place[1] == "9171"),)
    else:
        places = (number * 5, number * 11 + 1)[: 1 + (number % 3 == 0)]
    slug = ".".join(
        "".join(letter for letter in word if letter.isascii() and letter.isalnum()) for word in name.lower().split()[:2]
    )
    return _person(
        number,
        f"{slug.strip('.')}.{number}@contoh.etalase.test",
        name,
        language="en" if number % 17 == 0 else "id",
        places=places,
    )


CAST = _cast()
BUYERS = _buyers()
