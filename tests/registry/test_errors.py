from registry.errors import nearest, one_of


def test_the_nearest_word_is_found_whatever_its_case() -> None:
    assert nearest("Weibbo", ["weibo", "douyin"]) == "weibo"
    assert nearest("qq", ["weibo", "douyin"]) is None


def test_a_word_near_to_none_gets_the_whole_list() -> None:
    assert one_of("qq", ["weibo", "douyin"]) == "use one of weibo, douyin"
