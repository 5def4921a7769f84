using System.Globalization;

namespace DiffusionBatch.Diffusion.Tokenization.Added;

/// <summary>
/// A token that stands beside a tokenizer's own vocabulary, or is special: it is looked for in a text before the text is cut.
/// </summary>
/// <param name="Content">Its text; not empty.</param>
/// <param name="Id">Its id.</param>
internal sealed record AddedToken(string Content, int Id)
{
    /// <summary>Whether it is a special token, which decoding leaves out.</summary>
    public bool Special { get; init; }

    /// <summary>Whether it is looked for in the normalized text, as the normalizer writes it.</summary>
    public bool Normalized { get; init; }

    /// <summary>Whether it counts only where no letter, digit or underscore touches it.</summary>
    public bool SingleWord { get; init; }

    /// <summary>Whether white space before it belongs to it.</summary>
    public bool LeftStrip { get; init; }

    /// <summary>Whether white space behind it belongs to it.</summary>
    public bool RightStrip { get; init; }

    /// <summary>Whether its file says more of it than text and id.</summary>
    public bool HasFlags { get; init; } = true;

    /// <summary>The file that it stands in.</summary>
    public string File { get; init; } = "";

    /// <summary>Its place in the file, for errors.</summary>
    public string Field { get; init; } = "";

    /// <summary>The name of its file, without the folder.</summary>
    public string FileName => Path.GetFileName(File);

    /// <summary>An error of it.</summary>
    public TokenizerException Wrong(string problem) => new(File, null, $"{Field}: {problem}");

    /// <summary>What another file's entry says otherwise; null where both say the same, or speak of different tokens.</summary>
    public string? DifferenceTo(AddedToken other)
    {
        if (Content != other.Content) return Id == other.Id
            ? string.Create(CultureInfo.InvariantCulture, $"{Id} is \"{Content}\", not \"{other.Content}\"")
            : null;
        if (Id != other.Id) return string.Create(CultureInfo.InvariantCulture, $"\"{Content}\" is {Id}, not {other.Id}");
        if (!HasFlags || !other.HasFlags) return null;
        (string Name, bool Own, bool Others)[] flags =
        [
            ("special", Special, other.Special), ("normalized", Normalized, other.Normalized),
            ("single_word", SingleWord, other.SingleWord),
            ("lstrip", LeftStrip, other.LeftStrip), ("rstrip", RightStrip, other.RightStrip),
        ];
        string[] differ = [.. flags.Where(f => f.Own != f.Others)
            .Select(f => $"{f.Name} {(f.Own ? "true" : "false")}, not {(f.Others ? "true" : "false")}")];
        return differ.Length == 0 ? null : $"\"{Content}\" has {string.Join(" and ", differ)}";
    }
}
