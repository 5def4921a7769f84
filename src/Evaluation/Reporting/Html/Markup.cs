using System.Globalization;
using System.Text;

namespace DiffusionBatch.Evaluation.Reporting.Html;

/// <summary>Writes well-formed markup: everything opened is closed, everything given is escaped.</summary>
internal sealed class Markup
{
    readonly StringBuilder _text = new();
    readonly Stack<string> _open = new();

    public Markup Open(string tag, params ReadOnlySpan<(string Name, object? Value)> attributes)
    {
        Begin(tag, attributes);
        _text.Append('>');
        _open.Push(tag);
        return this;
    }

    public Markup Close()
    {
        _text.Append("</").Append(_open.Pop()).Append('>');
        return this;
    }

    /// <summary>Ends the line, for readers of the source.</summary>
    public Markup Line()
    {
        _text.Append('\n');
        return this;
    }

    public Markup Text(string text)
    {
        Escape(text);
        return this;
    }

    /// <summary>Text that is markup already.</summary>
    public Markup Raw(string markup)
    {
        _text.Append(markup);
        return this;
    }

    public Markup Element(string tag, string text, params ReadOnlySpan<(string Name, object? Value)> attributes) =>
        Open(tag, attributes).Text(text).Close();

    /// <summary>An element without content.</summary>
    public Markup Empty(string tag, params ReadOnlySpan<(string Name, object? Value)> attributes)
    {
        Begin(tag, attributes);
        _text.Append("/>");
        return this;
    }

    public override string ToString() =>
        _open.Count == 0 ? _text.ToString() : throw new InvalidOperationException($"<{_open.Peek()}> is still open.");

    /// <summary>An attribute whose value is null is left out; numbers are rounded to what a drawing needs.</summary>
    void Begin(string tag, ReadOnlySpan<(string Name, object? Value)> attributes)
    {
        _text.Append('<').Append(tag);
        foreach (var (name, value) in attributes)
        {
            if (value is null) continue;
            _text.Append(' ').Append(name).Append("=\"");
            Escape(value is double number
                ? number.ToString("0.##", CultureInfo.InvariantCulture)
                : Convert.ToString(value, CultureInfo.InvariantCulture)!);
            _text.Append('"');
        }
    }

    void Escape(string text)
    {
        foreach (var rune in text.EnumerateRunes()) // a lone surrogate comes as U+FFFD
        {
            switch (rune.Value)
            {
                case '&': _text.Append("&amp;"); break;
                case '<': _text.Append("&lt;"); break;
                case '>': _text.Append("&gt;"); break;
                case '"': _text.Append("&quot;"); break;
                case '\'': _text.Append("&#39;"); break;
                case '\t' or '\n': _text.Append((char)rune.Value); break;
                case < ' ' or 0xFFFE or 0xFFFF or (>= 0x7F and <= 0x9F): _text.Append('\uFFFD'); break;
                default: _text.Append(rune.ToString()); break;
            }
        }
    }
}
