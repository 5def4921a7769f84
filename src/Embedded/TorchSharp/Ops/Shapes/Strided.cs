using System.Runtime.InteropServices;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>A view of the memory with these sizes and strides, from an element of the memory on, whatever this tensor's own are.</summary>
        public Tensor as_strided(long[] size, long[] strides, long storageOffset = 0)
        {
            ArgumentNullException.ThrowIfNull(size);
            ArgumentNullException.ThrowIfNull(strides);
            Check();
            if (size.Length != strides.Length) throw new ExternalException("mismatch in length of strides and shape");
            if (strides.Any(s => s < 0)) throw new ExternalException($"as_strided: Negative strides are not supported at the moment, got strides: [{Shapes.Text(strides)}]");
            if (storageOffset < 0) throw new ExternalException($"Tensor: invalid storage offset {storageOffset}");
            long span = Shapes.Span(size, strides), have = buffer!.Bytes;
            if (span > 0 && (storageOffset + span) * ElementSize > have)
                throw new ExternalException($"setStorage: sizes [{Shapes.Text(size)}], strides [{Shapes.Text(strides)}], storage offset {storageOffset}, and itemsize {ElementSize} requiring a storage size of {(storageOffset + span) * ElementSize} are out of bounds for storage of size {have}");
            (long[] newSizes, long[] newStrides) = ((long[])size.Clone(), (long[])strides.Clone());
            (long[] from, long[] steps, long at) = (sizes, this.strides, offset);
            return View(storageOffset, newSizes, newStrides, "AsStridedBackward", (_, g) => [Tape.Unstrided(g, newSizes, newStrides, storageOffset, from, steps, at)]);
        }

        /// <summary>A view of all windows of <paramref name="size"/> places along a dimension, every <paramref name="step"/>; the window is a new last dimension.</summary>
        public Tensor unfold(long dimension, long size, long step)
        {
            int d = Shapes.Dim(dimension, Rank);
            long along = Rank == 0 ? 1 : sizes[d];
            if (size < 0) throw new ExternalException($"size is {size} but must be >= 0");
            if (size > along) throw new ExternalException($"maximum size for tensor at dimension {d} is {along} but size is {size}");
            if (step <= 0) throw new ExternalException($"step is {step} but must be > 0");
            long[] newSizes = [.. sizes, size], newStrides = [.. strides, Rank == 0 ? 1 : strides[d]];
            if (Rank > 0)
            {
                newSizes[d] = (along - size) / step + 1;
                newStrides[d] = strides[d] * step;
            }

            (long[] from, long[] steps, long at) = (sizes, strides, offset);
            return View(offset, newSizes, newStrides, "UnfoldBackward", (_, g) => [Tape.Unstrided(g, newSizes, newStrides, at, from, steps, at)]);
        }

        /// <summary>A view of a diagonal of two dimensions, as the last dimension; <paramref name="offset"/> 0 is the main one, those above are positive.</summary>
        public Tensor diagonal(long offset = 0, long dim1 = 0, long dim2 = 1)
        {
            int a = Shapes.Dim(dim1, Rank), b = Shapes.Dim(dim2, Rank);
            if (a == b) throw new ExternalException($"diagonal dimensions cannot be identical {dim1}, {dim2}");
            long length = Math.Max(0, offset >= 0 ? Math.Min(sizes[a], sizes[b] - offset) : Math.Min(sizes[a] + offset, sizes[b]));
            long start = this.offset + (length == 0 ? 0 : offset >= 0 ? offset * strides[b] : -offset * strides[a]);
            var newSizes = new List<long>();
            var newStrides = new List<long>();
            for (int d = 0; d < Rank; d++)
            {
                if (d == a || d == b) continue;
                newSizes.Add(sizes[d]);
                newStrides.Add(strides[d]);
            }

            long[] from = sizes;
            return View(start, [.. newSizes, length], [.. newStrides, strides[a] + strides[b]], "DiagonalBackward", (_, g) =>
            {
                Tensor whole = zeros(from, g.type);
                whole.diagonal(offset, a, b).copy_(g);
                return [whole];
            });
        }
    }

    public static Tensor diagonal(Tensor input, long offset = 0, long dim1 = 0, long dim2 = 1) => input.diagonal(offset, dim1, dim2);
}
