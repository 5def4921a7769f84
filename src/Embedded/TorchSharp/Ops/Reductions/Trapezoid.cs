using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The integral along a dimension by the trapezoid rule, at places <paramref name="dx"/> apart.</summary>
        public Tensor trapezoid(double dx = 1, long dim = -1)
        {
            using DisposeScope scope = NewDisposeScope();
            return scope.MoveToOuter(Panels(dim).sum(dim).mul(dx / 2));
        }

        /// <summary>The integral along a dimension by the trapezoid rule, at the places <paramref name="x"/>.</summary>
        public Tensor trapezoid(Tensor x, long dim = -1)
        {
            using DisposeScope scope = NewDisposeScope();
            return scope.MoveToOuter(Panels(dim).mul(Widths(x, dim)).sum(dim).div(2));
        }

        /// <summary>The integrals up to each place by the trapezoid rule.</summary>
        public Tensor cumulative_trapezoid(double dx = 1, long dim = -1)
        {
            using DisposeScope scope = NewDisposeScope();
            return scope.MoveToOuter(Panels(dim).cumsum(dim).mul(dx / 2));
        }

        public Tensor cumulative_trapezoid(Tensor x, long dim = -1)
        {
            using DisposeScope scope = NewDisposeScope();
            return scope.MoveToOuter(Panels(dim).mul(Widths(x, dim)).cumsum(dim).div(2));
        }

        Tensor Panels(long dim)
        {
            int d = Shapes.Dim(dim, Rank);
            if (type == ScalarType.Bool) throw new ExternalException("trapezoid: received a bool input for `x` or `y`, but bool is not supported");
            long n = Math.Max(0, sizes[d] - 1);
            return narrow(d, sizes[d] - n, n).add(narrow(d, 0, n));
        }

        Tensor Widths(Tensor x, long dim)
        {
            int d = Shapes.Dim(dim, Rank);
            if (x.Rank > 1) return x.diff(1, dim);
            Tensor widths = x.diff();
            return widths.view([widths.sizes[0], .. Enumerable.Repeat(1L, Rank - d - 1)]);
        }
    }

    public static Tensor trapezoid(Tensor y, double dx = 1, long dim = -1) => y.trapezoid(dx, dim);

    public static Tensor trapezoid(Tensor y, Tensor x, long dim = -1) => y.trapezoid(x, dim);

    public static Tensor cumulative_trapezoid(Tensor y, double dx = 1, long dim = -1) => y.cumulative_trapezoid(dx, dim);

    public static Tensor cumulative_trapezoid(Tensor y, Tensor x, long dim = -1) => y.cumulative_trapezoid(x, dim);

    public static Tensor trapz(Tensor y, double dx = 1, long dim = -1) => y.trapezoid(dx, dim);

    public static Tensor trapz(Tensor y, Tensor x, long dim = -1) => y.trapezoid(x, dim);
}
