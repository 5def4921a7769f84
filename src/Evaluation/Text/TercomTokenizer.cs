namespace DiffusionBatch.Evaluation.Text;

/// <summary>
/// Tercom's normalisation as sacreBLEU has it. Case is the caller's; without options the segment stays as it is.
/// sacreBLEU's rules for runs of kana at a line's start never hold there (the line begins with a space by then), so kana
/// is not split here either.
/// </summary>
/// <param name="normalized">Whether entities are resolved and signs stand alone.</param>
/// <param name="noPunct">Whether punctuation is taken out.</param>
/// <param name="asianSupport">Whether either covers East Asian characters and signs too.</param>
internal sealed class TercomTokenizer(bool normalized, bool noPunct, bool asianSupport) : SegmentTokenizer
{
    readonly WesternRules _rules = new();
    readonly CharBuffer _text = new();

    /// <inheritdoc/>
    public override string Name => "tercom";

    /// <inheritdoc/>
    public override ReadOnlySpan<char> Tokenize(ReadOnlySpan<char> segment)
    {
        if (segment.IsEmpty || !(normalized || noPunct)) return segment;
        return noPunct ? WithoutPunctuation(normalized ? Normalize(segment) : segment) : Normalize(segment);
    }

    ReadOnlySpan<char> Normalize(ReadOnlySpan<char> segment)
    {
        _rules.Line.Clear();
        _rules.Line.Add(' ');
        if (!segment.ContainsAny('&', '\n')) _rules.Line.Add(segment);
        else _rules.Line.Add(Entities.Resolve(segment.ToString().Replace("\n-", "", StringComparison.Ordinal).Replace('\n', ' ')));
        _rules.Line.Add(' ');
        _rules.SpaceSigns();
        _rules.SpacePossessives();
        _rules.SpaceStops();
        if (!asianSupport) return _rules.Line.Written;
        _text.Clear();
        foreach (char c in _rules.Line.Written)
        {
            bool alone = IsIdeograph(c) || IsAsianSign(c);
            if (alone) _text.Add(' ');
            _text.Add(c);
            if (alone) _text.Add(' ');
        }
        _rules.Line.Clear();
        _rules.Line.Add(_text.Written);
        return _rules.Line.Written;
    }

    ReadOnlySpan<char> WithoutPunctuation(ReadOnlySpan<char> line)
    {
        _text.Clear();
        foreach (char c in line)
            if (c is not ('.' or ',' or '?' or ':' or ';' or '!' or '"' or '(' or ')') && !(asianSupport && IsAsianSign(c))) _text.Add(c);
        return _text.Written;
    }

    static bool IsIdeograph(char c) => c is (>= '\u4E00' and <= '\u9FFF') or (>= '\u3200' and <= '\u4DBF')
        or (>= '\u31C0' and <= '\u31EF') or (>= '\u2E80' and <= '\u2EFF') or (>= '\uF900' and <= '\uFAFF') or (>= '\uFE30' and <= '\uFE4F');

    static bool IsAsianSign(char c) => c is '\u3001' or '\u3002' or (>= '\u3008' and <= '\u3011') or (>= '\u3014' and <= '\u301F')
        or (>= '\uFF61' and <= '\uFF65') or '\u30FB' or '\uFF0E' or '\uFF0C' or '\uFF1F' or '\uFF1A' or '\uFF1B' or '\uFF01' or '\uFF02'
        or '\uFF08' or '\uFF09';
}
