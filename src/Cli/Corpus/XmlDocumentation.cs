using System.Text;
using System.Text.RegularExpressions;
using System.Xml;

namespace DiffusionBatch.Cli.Corpus;

/// <summary>Reads the summaries out of the XML documentation files that stand beside reference assemblies.</summary>
internal static partial class XmlDocumentation
{
    static readonly XmlReaderSettings s_xml = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
    };

    /// <summary>The summaries of a file's members in its order, each as one line: names stand where the file refers to something.</summary>
    /// <param name="path">An XML file; one whose root is not <c>doc</c> has none, and one that is broken has those before the
    /// fault.</param>
    public static IEnumerable<string> Summaries(string path)
    {
        using var xml = XmlReader.Create(path, s_xml);
        if (!Read(xml, static x => x.MoveToContent() == XmlNodeType.Element && x.Name == "doc")) yield break;
        while (Read(xml, static x => x.ReadToFollowing("summary")))
        {
            string? text = null;
            if (Read(xml, x => (text = Text(x)) is not null) && text!.Length > 0) yield return text;
        }
    }

    static bool Read(XmlReader xml, Func<XmlReader, bool> step)
    {
        try
        {
            return step(xml);
        }
        catch (XmlException)
        {
            return false;
        }
    }

    static string Text(XmlReader xml)
    {
        var text = new StringBuilder();
        if (xml.IsEmptyElement) return "";
        int depth = xml.Depth;
        while (xml.Read() && xml.Depth > depth)
        {
            if (xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace)
                text.Append(xml.Value);
            else if (xml.NodeType == XmlNodeType.Element && xml.IsEmptyElement) text.Append(Name(xml));
        }
        return Blanks().Replace(text.ToString(), " ").Trim();
    }

    // <see langword="null"/>, <paramref name="value"/>, <see cref="M:System.String.Join(System.String,System.Object[])"/> -> Join
    static string Name(XmlReader xml)
    {
        if ((xml.GetAttribute("langword") ?? xml.GetAttribute("name")) is { } word) return word;
        if (xml.GetAttribute("cref") is not { } reference) return " ";
        int end = reference.IndexOfAny(['(', '`', '{']);
        string whole = end < 0 ? reference : reference[..end];
        return whole[(whole.LastIndexOfAny(['.', ':']) + 1)..];
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
