namespace DiffusionBatch.Testing;

/// <summary>Names that users' files have and that URLs, shells, XML or disks have a meaning of their own for.</summary>
public static class FileNames
{
    /// <summary>Names of one file each, all different; each must be kept as it is.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "a b.txt", "a%20b.txt", "a%2520b.txt", "100%", "%", "%%", "%zz", "%2", "%41", "A", "%2F", "%2f", "%5C", "%00", "%2e%2ex", "a%2e%2e",
        "%E4", "%C3%A4",
        "a+b", "a%2Bb", "c#", "c%23", "what?", "what%3F", "q=1&r=2;s,t", "[x]", "{y}", "{z", "<n>&amp;", "'single'", "\"double\"", "`",
        "^|~", "$HOME", "!*()@", "a:b",
        "\u00E4.jsonl", "a\u0308.jsonl", "\u1E69", "s\u0323\u0307", "\uAC00", "\u1100\u1161", "日本語 の ファイル", "\U0001F600", "e\u0301\u200D",
        "\u200Elate", "\u202Eback", "\u00A0", "ﬁ", "K", "\u212A",
        ".hidden", "..x", "...", "x.y.z", " lead", "trail ", "-rf", "~", "CON", "nul.txt", "dot.", "UPPER", "upper",
        new string('x', 255), new string('\u00E4', 127) + "x", new string('\u65E5', 85), string.Concat(Enumerable.Repeat("\U0001F600", 63)),
        .. Random(40, 5),
    ];

    // Of characters that mean something somewhere, in any order.
    static IEnumerable<string> Random(int count, int seed)
    {
        const string alphabet = "%%%%0123456789abcdefABCDEF25+#?&=;:@!$'()*,[]{}|^`\"<>~-_. äöü\u0308\u0301日\u00DF\u0130\u0131";
        var random = new Random(seed);
        for (int i = 0; i < count; i++)
        {
            string name = string.Concat(Enumerable.Range(0, random.Next(1, 40)).Select(_ => alphabet[random.Next(alphabet.Length)]));
            yield return $"{i}{name}";
        }
    }

    /// <summary>Names that can't be kept everywhere, each with the words that say why.</summary>
    public static IReadOnlyList<(string Name, string Why)> Unfit { get; } =
    [
        ("..", "isn't a name"), ("%2e%2E", "is how URLs may write"), (".%2e", "is how URLs may write"), (".", "isn't a name"),
        ("a\\b", "separated by \"/\""), ("a\u0001b", "control character"), ("a\nb", "control character"), ("a\u007Fb", "control character"),
        (new string('x', 256), "longer than 255 bytes"), (new string('\u00E4', 128), "longer than 255 bytes"),
        (string.Concat(Enumerable.Repeat("\U0001F600", 64)), "longer than 255 bytes"), ("a\uD800", "isn't valid Unicode"),
        (string.Join('/', Enumerable.Repeat("x", 255)), "more than 254 parts"),
        (new string('x', 200) + string.Concat(Enumerable.Repeat("/" + new string('x', 205), 4)) + "/x", "longer than 1,024 characters"),
        ("a\uFFFEb", "isn't a character"), ("a\uFFFFb", "isn't a character"),
    ];

    /// <summary>A path as URLs have it: each part encoded once.</summary>
    public static string Encoded(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
}
