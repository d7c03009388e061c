"""What synthetic populations of Taizhou are drawn from."""

from olive.china.recipes.book import ChineseRecipes

RECIPES = ChineseRecipes("taizhou", __name__)
