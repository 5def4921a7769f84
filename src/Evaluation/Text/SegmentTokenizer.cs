using System.Text;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;

namespace DiffusionBatch.Evaluation.Text;

/// <summary>Puts spaces where a segment's tokens part; what it writes is then split at white space. Not safe across threads.</summary>
internal abstract class SegmentTokenizer
{
    /// <summary>The name as sacreBLEU's signature gives it.</summary>
    public abstract string Name { get; }

    /// <summary>The segment with white space between its tokens; valid until the next call.</summary>
    public abstract ReadOnlySpan<char> Tokenize(ReadOnlySpan<char> segment);

    /// <summary>The tokenizer of sacreBLEU's that does it so.</summary>
    /// <param name="tokenization">How; null for 13a.</param>
    /// <exception cref="ArgumentException">None of sacreBLEU's does.</exception>
    public static SegmentTokenizer Create(BleuTokenization? tokenization) => tokenization switch
    {
        null or BleuTokenization.V13a => new Tokenizer13a(),
        BleuTokenization.Intl => new IntlTokenizer(),
        BleuTokenization.Char => new CharacterTokenizer(),
        BleuTokenization.None => new NoTokenizer(),
        BleuTokenization.Zh => new ZhTokenizer(),
        _ => throw new ArgumentException($"no tokenizer of sacreBLEU's is called \"{EnumText.Of(tokenization.Value)}\"",
            nameof(tokenization)),
    };
}

/// <summary>sacreBLEU's "13a", which is mteval-v13a's: four entities are resolved, then <see cref="WesternRules"/> hold.</summary>
internal sealed class Tokenizer13a : SegmentTokenizer
{
    readonly WesternRules _rules = new();

    /// <inheritdoc/>
    public override string Name => "13a";

    /// <inheritdoc/>
    public override ReadOnlySpan<char> Tokenize(ReadOnlySpan<char> segment)
    {
        _rules.Line.Clear();
        _rules.Line.Add(' ');
        Resolve(segment);
        _rules.Line.Add(' ');
        _rules.Apply();
        return _rules.Line.Written;
    }

    void Resolve(ReadOnlySpan<char> line)
    {
        if (!line.ContainsAny('&', '\n') && line.IndexOf("<skipped>", StringComparison.Ordinal) < 0)
        {
            _rules.Line.Add(line);
            return;
        }
        string text = line.ToString().Replace("<skipped>", "", StringComparison.Ordinal).Replace("-\n", "", StringComparison.Ordinal)
            .Replace('\n', ' ');
        _rules.Line.Add(Entities.Resolve(text));
    }
}

/// <summary>
/// sacreBLEU's "zh": every Chinese character stands alone, the rest follows <see cref="WesternRules"/>. What counts as Chinese
/// is sacreBLEU's list as its code reads it, scores being comparable only so: a range meant for the supplementary planes
/// holds U+2001 to U+2A6D in its place, and real supplementary characters are not split.
/// </summary>
internal sealed class ZhTokenizer : SegmentTokenizer
{
    readonly WesternRules _rules = new();

    /// <inheritdoc/>
    public override string Name => "zh";

    /// <inheritdoc/>
    public override ReadOnlySpan<char> Tokenize(ReadOnlySpan<char> segment)
    {
        _rules.Line.Clear();
        foreach (char c in PythonText.Trim(segment))
        {
            bool alone = IsChinese(c);
            if (alone) _rules.Line.Add(' ');
            _rules.Line.Add(c);
            if (alone) _rules.Line.Add(' ');
        }
        _rules.Apply();
        return _rules.Line.Written;
    }

    static bool IsChinese(char c) => c >= '\u2001' && c is
        <= '\u2A6D'                  // general punctuation to mathematical operators: the misread range
        or (>= '\u2E80' and <= '\u2FDF') // radicals
        or (>= '\u2FF0' and <= '\u303F') // structure, CJK punctuation
        or (>= '\u3100' and <= '\u312F') or (>= '\u31A0' and <= '\u31BF') // phonetic symbols
        or (>= '\u31C0' and <= '\u31EF') // strokes
        or (>= '\u3200' and <= '\u4DB5') // enclosed letters, compatibility, extension A
        or (>= '\u4E00' and <= '\u9FBB') // unified ideographs
        or (>= '\uF900' and <= '\uFA2D') or (>= '\uFA30' and <= '\uFA6A') or (>= '\uFA70' and <= '\uFAD9') // compatibility ideographs
        or (>= '\uFE10' and <= '\uFE1F') or (>= '\uFE30' and <= '\uFE4F') // vertical forms
        or (>= '\uFF00' and <= '\uFFEF'); // full and half width forms
}

/// <summary>
/// sacreBLEU's "intl", which is mteval-v14's: punctuation stands alone where no number is before or after it, symbols always
/// do. Each rule is a pass over the line's Unicode scalar values, in mteval's order.
/// </summary>
internal sealed class IntlTokenizer : SegmentTokenizer
{
    readonly CharBuffer _text = new();
    List<Rune> _from = [];
    List<Rune> _to = [];

    /// <inheritdoc/>
    public override string Name => "intl";

    /// <inheritdoc/>
    public override ReadOnlySpan<char> Tokenize(ReadOnlySpan<char> segment)
    {
        _from.Clear();
        foreach (var rune in segment.EnumerateRunes()) _from.Add(rune);
        SpacePunctuationAfterNoNumber();
        SpacePunctuationBeforeNoNumber();
        _text.Clear();
        Span<char> units = stackalloc char[2];
        foreach (var rune in _from)
        {
            bool symbol = Rune.IsSymbol(rune);
            if (symbol) _text.Add(' ');
            _text.Add(units[..rune.EncodeToUtf16(units)]);
            if (symbol) _text.Add(' ');
        }
        return _text.Written;
    }

    // (\P{N})(\p{P}) -> "\1 \2 "
    void SpacePunctuationAfterNoNumber()
    {
        _to.Clear();
        for (int i = 0; i < _from.Count; i++)
        {
            _to.Add(_from[i]);
            if (!Rune.IsNumber(_from[i]) && i + 1 < _from.Count && Rune.IsPunctuation(_from[i + 1])) Spaced(_from[++i]);
        }
        (_from, _to) = (_to, _from);
    }

    // (\p{P})(\P{N}) -> " \1 \2"
    void SpacePunctuationBeforeNoNumber()
    {
        _to.Clear();
        for (int i = 0; i < _from.Count; i++)
        {
            if (Rune.IsPunctuation(_from[i]) && i + 1 < _from.Count && !Rune.IsNumber(_from[i + 1]))
            {
                Spaced(_from[i]);
                _to.Add(_from[++i]);
            }
            else
            {
                _to.Add(_from[i]);
            }
        }
        (_from, _to) = (_to, _from);
    }

    void Spaced(Rune rune)
    {
        _to.Add(new Rune(' '));
        _to.Add(rune);
        _to.Add(new Rune(' '));
    }
}

/// <summary>sacreBLEU's "char": every Unicode scalar value that is not white space is a token.</summary>
internal sealed class CharacterTokenizer : SegmentTokenizer
{
    readonly CharBuffer _buffer = new();

    /// <inheritdoc/>
    public override string Name => "char";

    /// <inheritdoc/>
    public override ReadOnlySpan<char> Tokenize(ReadOnlySpan<char> segment)
    {
        _buffer.Clear();
        while (!segment.IsEmpty)
        {
            Rune.DecodeFromUtf16(segment, out _, out int width);
            _buffer.Add(segment[..width]);
            _buffer.Add(' ');
            segment = segment[width..];
        }
        return _buffer.Written;
    }
}

/// <summary>sacreBLEU's "none": the segment is tokenized already.</summary>
internal sealed class NoTokenizer : SegmentTokenizer
{
    /// <inheritdoc/>
    public override string Name => "none";

    /// <inheritdoc/>
    public override ReadOnlySpan<char> Tokenize(ReadOnlySpan<char> segment) => segment;
}
