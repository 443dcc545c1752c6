from tests.support.printshop import folder, made, shop

__all__ = ("folder", "made", "shop")
