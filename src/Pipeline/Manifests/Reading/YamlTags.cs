using System.Globalization;
using System.Text.RegularExpressions;
using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Fields;
using YamlDotNet.Core;

namespace DiffusionBatch.Pipeline.Manifests.Reading;

/// <summary>The tags of YAML 1.2's core schema.</summary>
internal enum YamlTag
{
    /// <summary>No tag: the form decides.</summary>
    None,

    /// <summary><c>!!str</c>, or <c>!</c> before a scalar.</summary>
    Str,

    /// <summary><c>!!int</c></summary>
    Int,

    /// <summary><c>!!float</c></summary>
    Float,

    /// <summary><c>!!bool</c></summary>
    Bool,

    /// <summary><c>!!null</c></summary>
    Null,

    /// <summary><c>!!seq</c></summary>
    Seq,

    /// <summary><c>!!map</c></summary>
    Map,
}

/// <summary>Reads tags and says what they stand for.</summary>
internal static class YamlTags
{
    const string Prefix = "tag:yaml.org,2002:";

    static readonly YamlTag[] s_all = [YamlTag.Str, YamlTag.Int, YamlTag.Float, YamlTag.Bool, YamlTag.Null, YamlTag.Seq, YamlTag.Map];

    /// <summary>The tag of a value.</summary>
    /// <param name="name">The tag as YAML's parser gives it.</param>
    /// <param name="kind">The value's form: an object, a list, or a text for every scalar.</param>
    /// <param name="refusal">Why it can't stand there; null where it can.</param>
    public static YamlTag Of(TagName name, NodeKind kind, out string? refusal)
    {
        refusal = null;
        if (name.IsEmpty) return YamlTag.None;
        if (name.Value == "!") return kind == NodeKind.Text ? YamlTag.Str : YamlTag.None;
        foreach (YamlTag tag in s_all)
        {
            if (name.Value != Prefix + Name(tag)[2..]) continue;
            NodeKind wanted = tag switch { YamlTag.Map => NodeKind.Object, YamlTag.Seq => NodeKind.List, _ => NodeKind.Text };
            if (wanted != kind) refusal = $"the tag {Name(tag)} stands before {Words(kind)}, which isn't {Words(tag)}";
            return tag;
        }
        string written = name.Value.StartsWith(Prefix, StringComparison.Ordinal) ? "!!" + name.Value[Prefix.Length..] : name.Value;
        refusal = $"the tag {written} is not supported; those of YAML's core schema are: {string.Join(", ", s_all.Select(Name))}";
        return YamlTag.None;
    }

    /// <summary>A tag as it is written.</summary>
    public static string Name(YamlTag tag) => "!!" + EnumText.CamelCase(tag.ToString());

    /// <summary>What a tag says of a value, in words.</summary>
    public static string Words(YamlTag tag) => tag switch
    {
        YamlTag.Int => "a whole number",
        YamlTag.Float => "a number",
        YamlTag.Bool => "true or false",
        YamlTag.Null => "null",
        YamlTag.Seq => "a list",
        YamlTag.Map => "an object",
        _ => "a text",
    };

    static string Words(NodeKind kind) => kind switch { NodeKind.Object => "an object", NodeKind.List => "a list", _ => "a single value" };
}

/// <summary>Numbers of YAML 1.2's core schema (infinities and NaN aside, which no field takes).</summary>
internal static partial class YamlNumber
{
    /// <summary>Reads a whole number: <c>!!int</c>.</summary>
    public static bool TryReadInteger(string text, out double number)
    {
        number = 0;
        if (text.StartsWith("0x", StringComparison.Ordinal) || text.StartsWith("0o", StringComparison.Ordinal))
        {
            int radix = text[1] == 'x' ? 16 : 8;
            if (text.Length == 2) return false;
            foreach (char c in text.AsSpan(2))
            {
                if (!char.IsAsciiHexDigit(c) || Convert.ToInt32(c.ToString(), 16) >= radix) return false;
                number = number * radix + Convert.ToInt32(c.ToString(), 16);
            }
            return true;
        }
        return Integer().IsMatch(text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
    }

    /// <summary>Reads a number in decimal notation, whole or not: <c>!!float</c>.</summary>
    public static bool TryReadReal(string text, out double number)
    {
        number = 0;
        return Real().IsMatch(text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
    }

    [GeneratedRegex(@"^[-+]?[0-9]+\z")]
    private static partial Regex Integer();

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z")]
    private static partial Regex Real();
}
