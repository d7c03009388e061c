"""What synthetic populations of Zhejiang are drawn from."""

from olive.china.recipes.book import ChineseRecipes

RECIPES = ChineseRecipes("zhejiang", __name__)
