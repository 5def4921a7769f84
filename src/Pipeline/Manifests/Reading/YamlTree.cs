using System.Text.RegularExpressions;
using DiffusionBatch.Pipeline.Problems;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace DiffusionBatch.Pipeline.Manifests.Reading;

/// <summary>
/// Reads YAML into the same tree as JSON: one document of mappings, sequences and scalars. Plain scalars mean what
/// YAML 1.2's core schema says, and so do its tags (!!int and the like); anchors and aliases are followed; other tags are refused.
/// </summary>
internal sealed partial class YamlTree
{
    const int MaxDepth = 64;
    const int MaxNodes = 100_000;

    readonly Parser _parser;
    readonly Action<ManifestMember> _twice;
    readonly Dictionary<AnchorName, List<ParsingEvent>> _anchors = [];
    readonly Stack<Queue<ParsingEvent>> _replays = new();
    readonly List<(AnchorName Name, List<ParsingEvent> Events)> _recording = [];
    int _nodes;

    YamlTree(string text, Action<ManifestMember> twice)
    {
        _parser = new Parser(new StringReader(text));
        _twice = twice;
    }

    /// <summary>Reads a text. Names that stand twice in a mapping are handed to <paramref name="twice"/>; the first counts.</summary>
    /// <exception cref="ManifestSyntaxException">It isn't YAML, or YAML of another shape.</exception>
    public static ManifestNode Read(string text, Action<ManifestMember> twice)
    {
        try
        {
            return new YamlTree(text, twice).Document();
        }
        catch (YamlException error)
        {
            throw new ManifestSyntaxException((int)error.Start.Line, (int)error.Start.Column, "malformed YAML: " + Words(error));
        }
    }

    ManifestNode Document()
    {
        Next<StreamStart>();
        var start = Next();
        if (start is not DocumentStart) throw Refused(start, "the manifest is empty");
        var root = Value(Next(), "", 0);
        Next<DocumentEnd>();
        var end = Next();
        return end is StreamEnd ? root : throw Refused(end, "expected one YAML document, found another one");
    }

    ManifestNode Value(ParsingEvent at, string pointer, int depth)
    {
        if (depth > MaxDepth) throw Refused(at, $"nested deeper than {MaxDepth} levels");
        if (++_nodes > MaxNodes) throw Refused(at, $"more than {MaxNodes} values, aliases followed");
        if (at is AnchorAlias alias)
        {
            if (!_anchors.TryGetValue(alias.Value, out var events)) throw Refused(at, $"the alias *{alias.Value} has no anchor before it");
            _replays.Push(new Queue<ParsingEvent>(events));
            var value = Value(Next(), pointer, depth + 1);
            _replays.Pop();
            return value;
        }
        var node = (NodeEvent)at;
        if (!node.Anchor.IsEmpty && _replays.Count == 0) _recording.Add((node.Anchor, [at]));
        int recorded = _recording.Count;
        YamlTag tag = YamlTags.Of(node.Tag,
            at switch { MappingStart => NodeKind.Object, SequenceStart => NodeKind.List, _ => NodeKind.Text }, out string? refusal);
        if (refusal is not null) throw Refused(at, refusal);
        var result = at switch
        {
            MappingStart => Mapping(at, pointer, depth),
            SequenceStart => Sequence(at, pointer, depth),
            _ => Scalar((Scalar)at, tag, pointer),
        };
        if (!node.Anchor.IsEmpty && _replays.Count == 0)
        {
            _anchors[node.Anchor] = _recording[recorded - 1].Events;
            _recording.RemoveAt(recorded - 1);
        }
        return result;
    }

    ManifestNode Mapping(ParsingEvent at, string pointer, int depth)
    {
        var node = New(NodeKind.Object, pointer, at);
        for (var key = Next(); key is not MappingEnd; key = Next())
        {
            if (key is not Scalar { Value: var name, Tag: var tag }
                || YamlTags.Of(tag, NodeKind.Text, out _) is not (YamlTag.None or YamlTag.Str))
                throw Refused(key, "expected a field's name, found something else as a key");
            var member = new ManifestMember(name, (int)key.Start.Line, (int)key.Start.Column,
                Value(Next(), ManifestNode.Under(pointer, name), depth + 1));
            if (node[name] is not null) _twice(member);
            else node.Members.Add(member);
        }
        return node;
    }

    ManifestNode Sequence(ParsingEvent at, string pointer, int depth)
    {
        var node = New(NodeKind.List, pointer, at);
        for (var item = Next(); item is not SequenceEnd; item = Next())
            node.Items.Add(Value(item, ManifestNode.Under(pointer, node.Items.Count), depth + 1));
        return node;
    }

    static ManifestNode Scalar(Scalar at, YamlTag tag, string pointer)
    {
        string text = at.Value;
        int line = (int)at.Start.Line, column = (int)at.Start.Column;
        // Without a tag a plain scalar is what it looks like; with one it must be that.
        bool Asked(YamlTag form) => tag == form || (tag == YamlTag.None && at.Style == ScalarStyle.Plain);
        if (Asked(YamlTag.Null) && text is ("" or "~" or "null" or "Null" or "NULL"))
            return new ManifestNode(NodeKind.Null, pointer, line, column);
        if (Asked(YamlTag.Bool) && text is ("true" or "True" or "TRUE" or "false" or "False" or "FALSE"))
            return new ManifestNode(NodeKind.Boolean, pointer, line, column) { Boolean = text[0] is 't' or 'T' };
        if ((Asked(YamlTag.Int) && YamlNumber.TryReadInteger(text, out double number))
            || (Asked(YamlTag.Float) && YamlNumber.TryReadReal(text, out number)))
            return new ManifestNode(NodeKind.Number, pointer, line, column) { Text = text, Number = number };
        if (tag is not (YamlTag.None or YamlTag.Str))
            throw Refused(at, $"{Printable.Quoted(text)} isn't {YamlTags.Words(tag)}, as its tag {YamlTags.Name(tag)} says");
        return new ManifestNode(NodeKind.Text, pointer, line, column) { Text = text };
    }

    static ManifestNode New(NodeKind kind, string pointer, ParsingEvent at) => new(kind, pointer, (int)at.Start.Line, (int)at.Start.Column);

    T Next<T>() where T : ParsingEvent => Next() is T expected ? expected : throw new YamlException("expected " + typeof(T).Name);

    // The next event, from the innermost alias that is being followed, else from the text; anchored values are kept.
    ParsingEvent Next()
    {
        if (_replays.TryPeek(out var replay)) return replay.Dequeue();
        if (!_parser.MoveNext()) throw new YamlException("unexpected end");
        foreach (var (_, events) in _recording) events.Add(_parser.Current!);
        return _parser.Current!;
    }

    static ManifestSyntaxException Refused(ParsingEvent at, string message) => new((int)at.Start.Line, (int)at.Start.Column, message);

    static string Words(YamlException error)
    {
        string message = PlaceBefore().Replace(error.InnerException?.Message ?? error.Message, "").TrimEnd('.');
        message = Printable.OneLine(message);
        return message.Length == 0 ? "syntax error" : char.ToLowerInvariant(message[0]) + message[1..];
    }

    [GeneratedRegex(@"^\(?\(?Line: \d+, Col: \d+, Idx: \d+\)?( - \(?Line: \d+, Col: \d+, Idx: \d+\)?)?\)?:?\s*")]
    private static partial Regex PlaceBefore();
}
