using System.Globalization;
using DiffusionBatch.Pipeline.Problems;

namespace DiffusionBatch.Pipeline.Manifests.Reading;

/// <summary>A value of a manifest's text with its place, whether the text is JSON or YAML.</summary>
internal sealed class ManifestNode(NodeKind kind, string pointer, int line, int column)
{
    /// <summary>What the value is.</summary>
    public NodeKind Kind { get; } = kind;

    /// <summary>The JSON pointer; "" for the whole document.</summary>
    public string Pointer { get; } = pointer;

    /// <summary>The line of the value's first character, from 1.</summary>
    public int Line { get; } = line;

    /// <summary>The column of the value's first character in UTF-16 code units, from 1.</summary>
    public int Column { get; } = column;

    /// <summary>A text's content, or how a number stands in the manifest.</summary>
    public string Text { get; init; } = "";

    /// <summary>Whether the text was a template's, and holds what a run of a schedule put into it.</summary>
    public bool IsFilled { get; init; }

    /// <summary>A number's value; infinite where it is beyond a double.</summary>
    public double Number { get; init; }

    /// <summary>A boolean's value.</summary>
    public bool Boolean { get; init; }

    /// <summary>An object's members in the order of the text; names are distinct.</summary>
    public List<ManifestMember> Members { get; } = [];

    /// <summary>A list's items.</summary>
    public List<ManifestNode> Items { get; } = [];

    /// <summary>The value of a member; null where there is none.</summary>
    public ManifestNode? this[string name] => Members.Find(member => member.Name == name)?.Value;

    /// <summary>The value in words for "found ...", long texts cut.</summary>
    public string Found => Kind switch
    {
        NodeKind.Object => "an object",
        NodeKind.List => Items.Count == 0 ? "an empty list" : "a list",
        NodeKind.Text => Printable.Quoted(Text),
        NodeKind.Number => Printable.Clip(Text),
        NodeKind.Boolean => Boolean ? "true" : "false",
        _ => "null",
    };

    /// <summary>This value and all values inside it.</summary>
    public IEnumerable<ManifestNode> All() =>
        Items.Concat(Members.Select(member => member.Value)).SelectMany(child => child.All()).Prepend(this);

    /// <summary>The pointer of a member.</summary>
    public static string Under(string pointer, string name) =>
        $"{pointer}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";

    /// <summary>The pointer of an item.</summary>
    public static string Under(string pointer, int index) => string.Create(CultureInfo.InvariantCulture, $"{pointer}/{index}");
}

/// <summary>A member of an object, with the place of its name.</summary>
internal sealed record ManifestMember(string Name, int Line, int Column, ManifestNode Value);

/// <summary>What a value of a manifest's text is.</summary>
internal enum NodeKind
{
    Object,
    List,
    Text,
    Number,
    Boolean,
    Null,
}

/// <summary>The text isn't JSON or YAML: nothing after this place can be read.</summary>
internal sealed class ManifestSyntaxException(int line, int column, string message) : Exception(message)
{
    public int Line { get; } = line;

    public int Column { get; } = column;
}
