using System.Globalization;
using System.Text;

namespace DiffusionBatch.Pipeline.Results;

/// <summary>
/// Writes one line of JSON as results are written: numbers in their shortest round-trip form, text as it is, with only
/// quotes, backslashes and control characters escaped (System.Text.Json's encoders escape more).
/// </summary>
internal sealed class JsonLine
{
    readonly StringBuilder _text = new();

    /// <summary>Appends JSON as it stands.</summary>
    public JsonLine Raw(string json)
    {
        _text.Append(json);
        return this;
    }

    /// <summary>Appends an integer.</summary>
    public JsonLine Number(long value)
    {
        _text.Append(CultureInfo.InvariantCulture, $"{value}");
        return this;
    }

    /// <summary>Appends a number; JSON has no NaN or infinity, they become null.</summary>
    public JsonLine Number(double value)
    {
        if (double.IsFinite(value)) _text.Append(value.ToString("R", CultureInfo.InvariantCulture));
        else _text.Append("null");
        return this;
    }

    /// <summary>Appends a number of single precision, as short as that allows.</summary>
    public JsonLine Number(float value)
    {
        if (float.IsFinite(value)) _text.Append(value.ToString("R", CultureInfo.InvariantCulture));
        else _text.Append("null");
        return this;
    }

    /// <summary>Appends a string, or null. Lone surrogates, which UTF-8 can't hold, become U+FFFD.</summary>
    public JsonLine String(string? value)
    {
        if (value is null) return Raw("null");
        _text.Append('"');
        foreach (Rune rune in value.EnumerateRunes())
            switch (rune.Value)
            {
                case '"': _text.Append("\\\""); break;
                case '\\': _text.Append("\\\\"); break;
                case '\n': _text.Append("\\n"); break;
                case '\r': _text.Append("\\r"); break;
                case '\t': _text.Append("\\t"); break;
                case '\b': _text.Append("\\b"); break;
                case '\f': _text.Append("\\f"); break;
                case < 0x20: _text.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}"); break;
                default: _text.Append(rune.ToString()); break;
            }
        _text.Append('"');
        return this;
    }

    /// <summary>Appends an array, each element written by <paramref name="write"/>.</summary>
    public JsonLine Array<T>(IReadOnlyList<T> values, Action<JsonLine, T> write)
    {
        _text.Append('[');
        for (int i = 0; i < values.Count; i++)
        {
            if (i > 0) _text.Append(',');
            write(this, values[i]);
        }
        _text.Append(']');
        return this;
    }

    /// <summary>The line so far, without a line feed.</summary>
    public override string ToString() => _text.ToString();
}
