using System.Text;

namespace DiffusionBatch.Evaluation.Text;

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
