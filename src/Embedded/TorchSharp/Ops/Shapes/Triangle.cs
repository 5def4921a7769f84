using System.Runtime.InteropServices;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The elements on and above a diagonal, the others 0.</summary>
        public Tensor triu(long diagonal = 0) => Triangle(diagonal, true);

        /// <summary>The elements on and below a diagonal, the others 0.</summary>
        public Tensor tril(long diagonal = 0) => Triangle(diagonal, false);

        public Tensor triu_(long diagonal = 0) => Replace(triu(diagonal));

        public Tensor tril_(long diagonal = 0) => Replace(tril(diagonal));

        unsafe Tensor Triangle(long diagonal, bool upper)
        {
            string name = upper ? "triu" : "tril";
            if (Rank < 2) throw new ExternalException($"{name}: input tensor must have at least 2 dimensions");
            Tensor result = contiguousCopy();
            long rows = sizes[^2], columns = sizes[^1], batch = Count / Math.Max(1, rows * columns), bytes = Dtypes.Size(type);
            for (long i = 0; i < batch * rows; i++)
            {
                long edge = Math.Clamp(i % rows + diagonal + (upper ? 0 : 1), 0, columns);
                byte* row = result.Data + i * columns * bytes;
                if (upper) new Span<byte>(row, (int)(edge * bytes)).Clear();
                else new Span<byte>(row + edge * bytes, (int)((columns - edge) * bytes)).Clear();
            }
            return Tape.Records(this) ? Tape.Record(result, upper ? "TriuBackward" : "TrilBackward", [this], [], (_, g) => [g.Triangle(diagonal, upper)]) : result;
        }
    }

    public static Tensor triu(Tensor input, long diagonal = 0) => input.triu(diagonal);

    public static Tensor tril(Tensor input, long diagonal = 0) => input.tril(diagonal);

    public static Tensor triu_(Tensor input, long diagonal = 0) => input.triu_(diagonal);

    public static Tensor tril_(Tensor input, long diagonal = 0) => input.tril_(diagonal);

    /// <summary>The places, rows and columns, (2, n), of the elements on and below a diagonal.</summary>
    public static Tensor tril_indices(long row, long col, long offset = 0, ScalarType dtype = ScalarType.Int64, Device? device = null) =>
        TrianglePlaces(row, col, dtype, device, (r, c) => c - r <= offset);

    /// <summary>The places, rows and columns, (2, n), of the elements on and above a diagonal.</summary>
    public static Tensor triu_indices(long row, long col, long offset = 0, ScalarType dtype = ScalarType.Int64, Device? device = null) =>
        TrianglePlaces(row, col, dtype, device, (r, c) => c - r >= offset);

    static Tensor TrianglePlaces(long rows, long columns, ScalarType type, Device? device, Func<long, long, bool> inside)
    {
        if (device is not null) Device.Check(device.type);
        if (rows < 0) throw new ExternalException("row must be non-negative, got" + rows);
        if (columns < 0) throw new ExternalException("col must be non-negative, got" + columns);
        var places = new List<(long Row, long Column)>();
        for (long r = 0; r < rows; r++)
            for (long c = 0; c < columns; c++)
                if (inside(r, c)) places.Add((r, c));
        long[] both = [.. places.Select(p => p.Row), .. places.Select(p => p.Column)];
        using Tensor whole = tensor(both, [2, places.Count], ScalarType.Int64);
        return whole.to_type(type, true);
    }
}
