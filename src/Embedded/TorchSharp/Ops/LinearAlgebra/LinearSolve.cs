using System.Runtime.InteropServices;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public static partial class linalg
    {
        /// <summary>The X of A X = B, or with <paramref name="left"/> false of X A = B; B may be vectors.</summary>
        public static Tensor solve(Tensor A, Tensor B, bool left = true) => LinearSolve.Run(A, B, left, "linalg.solve", true, out _);

        /// <summary>As <see cref="solve"/>, and for each matrix the first zero pivot (int32), 0 where there is none.</summary>
        public static (Tensor result, Tensor info) solve_ex(Tensor A, Tensor B, bool left = true, bool check_errors = false)
        {
            Tensor x = LinearSolve.Run(A, B, left, "linalg.solve_ex", check_errors, out int[] info);
            return (x, Infos(A, info));
        }

        /// <summary>The X of A X = B (or X A = B) where A is triangular; only that triangle of A is read.</summary>
        public static Tensor solve_triangular(Tensor A, Tensor B, bool upper, bool left = true, bool unitriangular = false, Tensor? @out = null)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor x = left ? LinearSolve.Triangle(A, B, upper, unitriangular) : LinearSolve.Triangle(A.mT, B.mT, !upper, unitriangular).mT.contiguous();
            return @out is null ? scope.MoveToOuter(x) : @out.copy_(x);
        }
    }

    /// <summary>Linear systems with their gradients.</summary>
    internal static class LinearSolve
    {
        /// <summary>The n by n identity.</summary>
        public static Tensor Identity(long n, ScalarType type)
        {
            using Tensor one = torch.ones([n], type);
            return one.diag_embed();
        }

        public static void RequireSquare(Tensor a, string name)
        {
            if (a.Rank < 2) throw new ExternalException($"{name}: The input tensor A must have at least 2 dimensions.");
            if (a.sizes[^1] != a.sizes[^2]) throw new ExternalException($"{name}: A must be batches of square matrices, but they are {a.sizes[^2]} by {a.sizes[^1]} matrices");
        }

        public static Tensor Run(Tensor a, Tensor b, bool left, string name, bool check, out int[] info)
        {
            RequireSquare(a, name);
            if (a.type != b.type) throw new ExternalException($"{name}: Expected A and B to have the same dtype, but found A of type {Names.Of(a.type)} and B of type {Names.Of(b.type)} instead");
            bool vector = b.Rank == 1 || (b.Rank == a.Rank - 1 && b.sizes.AsSpan().SequenceEqual(a.sizes.AsSpan(0, a.Rank - 1)));
            if (vector)
            {
                using Tensor column = b.unsqueeze(left ? -1 : -2), x = Run(a, column, left, name, check, out info);
                return x.squeeze(left ? -1 : -2);
            }
            if (!left)
            {
                using Tensor at = a.mT, bt = b.mT, x = Run(at, bt, true, name, check, out info), back = x.mT;
                return back.contiguous();
            }
            if (a.sizes[^1] != b.sizes[^2]) throw new ExternalException($"{name}: Incompatible shapes of A and B for the equation AX = B ({a.sizes[^2]}x{a.sizes[^1]} and {b.sizes[^2]}x{b.sizes[^1]})");
            long[] lead = Shapes.Broadcast(a.sizes[..^2], b.sizes[..^2]);
            using Tensor wideA = a.expand([.. lead, .. a.sizes[^2..]], false), wideB = b.expand([.. lead, .. b.sizes[^2..]], false);
            Batch matrices = new(wideA, name), right = new(wideB, name);
            int n = matrices.Rows;
            var pivots = new int[n];
            info = new int[matrices.Count];
            for (int i = 0; i < matrices.Count; i++)
            {
                info[i] = Lu.Factor(matrices[i], n, n, pivots, out _);
                if (info[i] != 0 && check) throw new ExternalException($"{name}: {matrices.Place(i)}The solver failed because the input matrix is singular.");
                Lu.Solve(matrices[i], n, pivots, right[i], right.Columns);
            }
            Tensor result = right.Result(right.Data, n, right.Columns);
            if (!Tape.Records(a, b)) return result;
            long[] sa = a.sizes, sb = b.sizes;
            return Tape.Record(result, "LinalgSolveExBackward", [a, b], [a, result], (node, g) =>
            {
                Tensor gb = linalg.solve(node.Saved(0).mT, g);
                return [node.Needs(0) ? Tape.SumTo(gb.matmul(node.Saved(1).mT).neg(), sa) : null, node.Needs(1) ? Tape.SumTo(gb, sb) : null];
            });
        }

        public static Tensor Triangle(Tensor a, Tensor b, bool upper, bool unit)
        {
            const string Name = "linalg.solve_triangular";
            RequireSquare(a, Name);
            if (a.sizes[^1] != b.sizes[^2]) throw new ExternalException($"{Name}: Incompatible shapes of A and B for the equation AX = B ({a.sizes[^2]}x{a.sizes[^1]} and {b.sizes[^2]}x{b.sizes[^1]})");
            long[] lead = Shapes.Broadcast(a.sizes[..^2], b.sizes[..^2]);
            using Tensor wideA = a.expand([.. lead, .. a.sizes[^2..]], false), wideB = b.expand([.. lead, .. b.sizes[^2..]], false);
            Batch matrices = new(wideA, Name), right = new(wideB, Name);
            for (int i = 0; i < matrices.Count; i++) Lu.Triangular(matrices[i], matrices.Rows, right[i], right.Columns, upper, unit);
            Tensor result = right.Result(right.Data, right.Rows, right.Columns);
            if (!Tape.Records(a, b)) return result;
            long[] sa = a.sizes, sb = b.sizes;
            return Tape.Record(result, "LinalgSolveTriangularBackward", [a, b], [a, result], (node, g) =>
            {
                Tensor gb = Triangle(node.Saved(0).mT, g, !upper, unit), ga = gb.matmul(node.Saved(1).mT).neg();
                long off = unit ? 1 : 0;
                return [node.Needs(0) ? Tape.SumTo(upper ? ga.triu(off) : ga.tril(-off), sa) : null, node.Needs(1) ? Tape.SumTo(gb, sb) : null];
            });
        }
    }
}
