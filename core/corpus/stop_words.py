"""Stop words: a language's closed classes (articles, pronouns, prepositions, conjunctions, auxiliaries, particles).

These lists are our own and hold no word of content. They are proposals: a person sees the words and changes them.
"""

LISTS: dict[str, str] = {
    "en": """
        a an the this that these those each every either neither both all any some no none other another such same own
        i me my mine myself we us our ours ourselves you your yours yourself yourselves he him his himself she her hers
        herself it its itself they them their theirs themselves one who whom whose which what whoever whatever
        somebody someone something anybody anyone anything nobody nothing everybody everyone everything
        about above across after against along among around as at before behind below beneath beside between beyond by
        down during except for from in into like near of off on onto out over since through to toward towards under
        until up upon with within without
        and or but nor so if because although though while whereas unless whether than
        when where why how here there then now once again ever never not only just also too very quite more most much
        many few little less least rather almost still yet
        am is are was were be been being have has had having do does did doing done will would shall should can could
        may might must ought
        don't doesn't didn't isn't aren't wasn't weren't haven't hasn't hadn't won't wouldn't shan't shouldn't can't
        cannot couldn't mustn't i'm i've i'll i'd you're you've you'll you'd he's he'll he'd she's she'll she'd it's
        it'll we're we've we'll we'd they're they've they'll they'd that's there's what's who's let's
    """,
    "zh": """
        的 地 得 了 着 过 吗 呢 吧 啊 呀 嘛 啦 哦 么 罢 似的
        我 你 您 他 她 它 咱 我们 你们 他们 她们 它们 咱们 自己 人家 别人 大家 彼此
        这 那 哪 这个 那个 哪个 这些 那些 哪些 这里 那里 哪里 这儿 那儿 哪儿 这样 那样 这么 那么 怎样 怎么 怎么样
        什么 谁 几 多少 为什么 如何 某 某些 每 每个 各 各个 其 其他 其它 其中 另 另外 任何 一切 所有 有些 有的 本 该
        在 从 自 自从 到 向 往 朝 对 对于 关于 至于 由 由于 被 把 将 让 叫 给 跟 同 与 和 及 以及 比 用 以 为 为了
        因 按 按照 根据 依照 经 经过 通过 随着 沿着 除了 当 于 离 连 替
        而 而且 并 并且 或 或者 还是 但 但是 可是 不过 然而 却 因为 所以 因此 于是 如果 要是 假如 若 即使 虽然 尽管
        只要 只有 除非 无论 不管 不论 不但 不仅 既 既然 则 且 那末 否则 以便 从而
        不 没 没有 别 未 非 无 也 都 就 才 又 再 还 很 太 更 最 只 已 已经 曾 曾经 正在 正 刚 刚才 便 仍 仍然 一直
        总 常 常常 非常 十分 比较 相当 几乎 大约 究竟 到底 难道 也许 大概 恐怕 越 更加 首先 然后 接着
        是 有 要 会 能 能够 可以 可能 应 应该 应当 必须 需要 得以 所 之 者 等 等等 等到 们 个 些 一些 一个 一种 一样
        上 下 里 中 内 外 前 后 间 之间 之后 之前 以后 以前 以上 以下 时 时候
    """,
    "de": """
        der die das den dem des ein eine einen einem einer eines kein keine keinen keinem keiner dieser diese dieses
        diesen diesem jener jene jenes jeder jede jedes alle allem allen aller ich mich mir mein meine du dich dir dein
        er ihn ihm sein seine sie ihr ihre ihnen es wir uns unser euch euer man sich selbst wer wen wem wessen was
        welcher welche welches an auf aus bei bis durch für gegen hinter in mit nach neben ohne seit über um unter von
        vor während wegen zu zwischen am im ins vom zum zur und oder aber denn sondern wenn als ob dass daß weil da
        damit obwohl so sowie wie wo wann warum hier dort dann nun jetzt noch nicht nie nur auch sehr mehr doch schon
        wieder ja nein bin bist ist sind seid war waren gewesen habe hast hat haben hatte hatten werde wird werden wurde
        wurden worden kann können konnte muss müssen soll sollen will wollen darf mag
    """,
    "fr": """
        le la les un une des du de ce cet cette ces mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs je
        me moi tu te toi il elle on nous vous ils elles lui se soi eux y en qui que quoi dont où lequel laquelle quel
        quelle quels quelles tout toute tous toutes autre autres même aucun aucune chaque quelque quelques à au aux
        avec chez contre dans depuis derrière devant entre par parmi pendant pour sans sous sur vers et ou mais donc
        or ni car si comme quand lorsque puisque parce ne pas plus jamais rien très trop peu aussi encore déjà ici là
        alors ainsi suis es est sommes êtes sont été être était étaient étais sera serait ai as a avons avez ont avoir
        avait avaient eu fut fait faire peut peuvent doit
    """,
    "es": """
        el la los las lo un una unos unas al del este esta estos estas ese esa esos esas aquel aquella aquellos aquellas
        esto eso yo me mi mí mis tú te ti tu tus él ella ello ellos ellas nosotros nos vosotros os usted ustedes se sí
        su sus le les nuestro nuestra quien quién que qué cual cuál cuyo todo toda todos todas otro otra otros otras
        mismo misma cada alguno alguna algún ningún ninguno ninguna nada nadie a ante bajo con contra de desde durante
        en entre hacia hasta para por según sin sobre tras y e o u ni pero sino si porque pues aunque como cuando donde
        mientras no muy más menos mucho poco tan tanto también ya aún aquí allí así entonces soy eres es somos son era
        eran fue fueron ser sido está están estaba estar he has ha hemos han había habían haber hay puede pueden debe
    """,
}


def stop_words(language: str) -> list[str]:
    """The stop words of a language ("en", "zh", "de", "fr", "es"), each once, in lower case; [] for another."""
    return list(dict.fromkeys(LISTS.get(language, "").split()))
