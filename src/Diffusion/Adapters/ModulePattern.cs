using System.Text.RegularExpressions;

namespace DiffusionBatch.Diffusion.Adapters;

/// <summary>The regular expressions of an adapter_config.json, written for Python's <c>re</c>, over the names of modules.</summary>
static partial class ModulePattern
{
    /// <summary>Names are short: what takes longer never ends.</summary>
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    /// <summary>A pattern that is for the whole of a name; null where it is no regular expression that is understood.</summary>
    public static Regex? Whole(string pattern) => Of($"^(?:{pattern})\\z", pattern);

    /// <summary>A pattern that is for a whole name, or for its end after a dot, as keys of rank_pattern and alpha_pattern are.</summary>
    public static Regex? End(string pattern) => Of($"^(?:.*\\.)?(?:{pattern})$", pattern);

    /// <summary>A pattern for the name of the list that a layer's number follows; the number is the group "layer".</summary>
    public static Regex? Layer(string pattern) => Of($"^.*?\\.(?:{pattern})\\.(?<layer>\\d+)\\.", pattern);

    static Regex? Of(string expression, string pattern)
    {
        try
        {
            _ = new Regex(Translate(pattern)); // by itself, so that it can't close the group around it
            return new Regex(Translate(expression), RegexOptions.CultureInvariant, Longest);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Python's named groups, end of text and open quantifiers in .NET's notation.</summary>
    static string Translate(string pattern) => OpenQuantifier().Replace(NamedReference().Replace(
        pattern.Replace("(?P<", "(?<", StringComparison.Ordinal).Replace("\\Z", "\\z", StringComparison.Ordinal), "\\k<$1>"), "{0,$1}");

    [GeneratedRegex(@"\(\?P=(\w+)\)")]
    private static partial Regex NamedReference();

    [GeneratedRegex(@"(?<!\\)\{,(\d+)\}")]
    private static partial Regex OpenQuantifier();
}
