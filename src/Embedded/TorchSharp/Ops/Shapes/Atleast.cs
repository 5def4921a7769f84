namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The tensor, of no dimension seen with one.</summary>
        public Tensor atleast_1d() => Rank == 0 ? reshape(1) : this;

        /// <summary>The tensor, of fewer than two dimensions seen as a row.</summary>
        public Tensor atleast_2d() => Rank switch { 0 => reshape(1, 1), 1 => unsqueeze(0), _ => this };

        /// <summary>The tensor with three dimensions at least, new ones around those it has.</summary>
        public Tensor atleast_3d()
        {
            if (Rank != 1) return Rank switch { 0 => reshape(1, 1, 1), 2 => unsqueeze(-1), _ => this };
            using Tensor row = unsqueeze(0);
            return row.unsqueeze(-1);
        }
    }

    public static IEnumerable<Tensor> atleast_1d(params Tensor[] input) => input.Select(t => t.atleast_1d());

    public static IEnumerable<Tensor> atleast_2d(params Tensor[] input) => input.Select(t => t.atleast_2d());

    public static IEnumerable<Tensor> atleast_3d(params Tensor[] input) => input.Select(t => t.atleast_3d());
}
