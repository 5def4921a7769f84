using System.Globalization;
using System.Text;
using static TorchSharp.torch;

namespace TorchSharp.Printing;

/// <summary>Writes a tensor as text, in the library's three styles.</summary>
internal sealed class TensorPrinter(string format, int width, CultureInfo culture, string newLine)
{
    readonly StringBuilder text = new();

    public string Numpy(Tensor t)
    {
        Nested(t, t.Rank, true, Brackets.Numpy);
        return text.ToString();
    }

    public string CSharp(Tensor t, string metadata)
    {
        text.Append(metadata).Append(", value = ");
        if (t.Rank == 0) return text.Append(Value(t)).ToString();
        if (t.Rank > 1) text.Append(newLine);
        (string name, string suffix) = t.type switch
        {
            ScalarType.Bool => ("bool", ""),
            ScalarType.Byte => ("byte", ""),
            ScalarType.Int8 => ("sbyte", ""),
            ScalarType.Int16 => ("short", ""),
            ScalarType.Int32 => ("int", ""),
            ScalarType.Int64 => ("long", "L"),
            ScalarType.Float32 => ("float", "f"),
            ScalarType.Float64 => ("double", ""),
            ScalarType.BFloat16 => ("bfloat16", "f"),
            _ => ("float16", "f"),
        };
        text.Append(name).Append(" [").Append(',', t.Rank - 1).Append("] ");
        Nested(t, t.Rank, true, Brackets.CSharp with { Suffix = suffix });
        return text.ToString();
    }

    public string Julia(Tensor t, string metadata)
    {
        text.Append(metadata);
        if (t.Rank == 0) text.Append(", value = ").Append(Value(t));
        else if (t.Rank <= 2)
        {
            text.Append(newLine);
            using Tensor matrix = t.Rank == 1 ? t.unsqueeze(0) : t.alias();
            Columns(matrix);
        }
        else Matrices(t, "");

        return text.ToString();
    }

    /// <summary>One number, or truth value, as text.</summary>
    public string Value(Tensor element)
    {
        Scalar value = element.ToScalar();
        return element.type switch
        {
            ScalarType.Bool => value.ToBoolean().ToString(culture),
            ScalarType.Float64 => value.Real.ToString(format, culture),
            ScalarType.Float32 or ScalarType.Float16 or ScalarType.BFloat16 => ((float)value.Real).ToString(format, culture),
            _ => value.Whole.ToString(CultureInfo.CurrentCulture),
        };
    }

    void Nested(Tensor t, int rank, bool indent, Brackets style)
    {
        bool outermost = t.Rank == rank;
        if (indent) text.Append(' ', rank - t.Rank);
        if (t.Rank == 0)
        {
            text.Append(Value(t));
            return;
        }

        text.Append(style.Open);
        bool framed = style.Framed && outermost && rank > 1;
        if (framed) text.Append(newLine).Append(' ');
        long n = t.sizes[0];
        int most = t.Rank == 1 ? maxColumns : maxRows, trailing = most / 2, leading = most - trailing;
        for (long i = 0; i < n; i++)
        {
            if (n > most && i == leading)
            {
                if (t.Rank == 1) text.Append("... ");
                else text.Append(' ', rank - t.Rank).Append(" ...").Append(style.Framed ? newLine : Gap(t.Rank));
                i = n - trailing;
            }

            using Tensor part = t.select(0, i);
            if (t.Rank == 1) text.Append(Value(part)).Append(style.Suffix);
            else Nested(part, rank, i > 0, style);
            if (i + 1 == n) continue;
            if (t.Rank == 1) text.Append(", ");
            else if (style.Framed) text.Append(',').Append(newLine);
            else text.Append(Gap(t.Rank));
        }

        if (framed) text.Append(newLine);
        text.Append(style.Close);
    }

    /// <summary>Between the parts of a dimension: as many line ends as there are dimensions below it.</summary>
    string Gap(int rank) => string.Concat(Enumerable.Repeat(newLine, rank - 1));

    void Matrices(Tensor t, string place)
    {
        for (long i = 0; i < t.sizes[0]; i++)
        {
            using Tensor part = t.select(0, i);
            if (part.Rank > 2)
            {
                Matrices(part, $"{place}{i},");
                continue;
            }

            text.Append(newLine).Append('[').Append(place).Append(i).Append(",..,..] =").Append(newLine);
            Columns(part);
        }
    }

    /// <summary>Rows whose columns are as wide as their widest number; what doesn't fit in the line is left out.</summary>
    void Columns(Tensor matrix)
    {
        List<string[]> rows = [];
        for (long r = 0; r < matrix.sizes[0]; r++)
        {
            using Tensor row = matrix.select(0, r);
            rows.Add(Fitting(row));
        }

        if (rows.Count == 0) return;
        int count = rows.Min(r => r.Length);
        int[] widths = Enumerable.Range(0, count).Select(c => rows.Max(r => r[c].Length)).ToArray();
        foreach (string[] row in rows)
        {
            for (int c = 0; c < count; c++) text.Append(' ').Append(row[c].PadLeft(widths[c]));
            if (count < matrix.sizes[1]) text.Append(" ...");
            text.Append(newLine);
        }
    }

    string[] Fitting(Tensor row)
    {
        List<string> values = [];
        int room = width;
        for (long i = 0; i < row.sizes[0]; i++)
        {
            using Tensor element = row.select(0, i);
            string value = Value(element);
            if (room - value.Length - 4 < 0) break;
            values.Add(value);
            room -= value.Length + 1;
        }

        return [.. values];
    }

    readonly record struct Brackets(char Open, char Close, bool Framed, string Suffix)
    {
        public static readonly Brackets Numpy = new('[', ']', false, "");
        public static readonly Brackets CSharp = new('{', '}', true, "");
    }
}
