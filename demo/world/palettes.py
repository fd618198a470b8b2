"""The named colors of the demo world: body, what is set on it, and the studio that suits both."""

from demo.world.model import Palette

# name: body, set on it, backdrop
_COLORS = """
Sogan: #6b3a22 #e3c08a #ead9c4
Cokelat: #7d4f36 #e9cda6 #ecdccb
Cokelat Muda: #b98a62 #f3e2c9 #efe3d5
Kopi: #4a2d20 #d9a562 #e6d6c5
Hitam: #25272d #c9a25b #e2e1e3
Hitam Oranye: #25272d #e8622c #e4e2e2
Abu: #7b818b #f0efec #e4e6ea
Putih: #f3efe7 #b08d5a #e3dacd
Putih Biru: #f4f3ef #3c6ea5 #dbe5ee
Krem: #e8d9bf #9b6b43 #e4d6c2
Gading: #efe6d2 #8d5b3a #dfd2bf
Biru Tua: #24365c #dcae57 #dbe2ee
Biru: #2f68a8 #f2d27a #d8e5f1
Biru Langit: #8fbfe0 #fdf6e6 #dceaf3
Toska: #2a7f7b #f4d9a0 #d6eae6
Hijau Tua: #2f5a45 #dfc078 #dbe7dd
Hijau: #4d8a57 #f5e6b0 #dfecdd
Sage: #9aab84 #f4f0e1 #e6ebdd
Mint: #a9d8c4 #fff7e8 #e0f1ea
Merah: #b6332f #f5d9a5 #f3ddd5
Merah Putih: #c8302c #fbf6ee #f1e0da
Cabai: #a92b1c #3f7d3a #f3dccf
Marun: #6e2233 #e2b878 #eed9d9
Terakota: #bd6240 #f6dfc2 #f2dfd0
Oranye: #e07b2e #fff0d6 #f7e4cf
Kuning: #f2bd3d #c9562c #f8edcd
Madu: #d4912a #a9611d #f6e6c4
Dusty Pink: #d49a9b #fbece2 #f4e1df
Merah Muda: #e58fa6 #fff2ea #f9e2e6
Fuchsia: #bb3f74 #f7d9b8 #f5dbe4
Lilac: #b09ccb #fbf3e4 #e8e0ef
Ungu: #5f4383 #e8c56f #e2dbec
Mustard: #c7952f #5d3a22 #f2e5c7
Rotan: #c29058 #b5523d #efe3d0
Bambu: #d8bd84 #6f8f4e #eee7d2
Perak: #c3c8cf #4c7aa8 #e2e7ec
Neon: #24303f #b8e13a #e2e8e0
Taro: #8e74ad #f1e3c4 #e6deee
Pandan: #6c9a4c #fbf2d0 #e4edd6
Stroberi: #d9485a #fff0e6 #f8dedf
"""


def _read() -> dict[str, Palette]:
    rows = (line.split(":") for line in _COLORS.strip().splitlines())
    return {name: Palette(*colors.split()) for name, colors in rows}


PALETTES = _read()
