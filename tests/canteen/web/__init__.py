"""Tests of canteen/web/, folder by folder."""
