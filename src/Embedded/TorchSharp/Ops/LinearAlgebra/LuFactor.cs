namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>e to the power of square matrices.</summary>
        public Tensor matrix_exp() => linalg.matrix_exp(this);
    }

    public static partial class linalg
    {
        /// <summary>A = P L U with a permutation, a unit lower and an upper triangular matrix.</summary>
        public static (Tensor P, Tensor L, Tensor U) lu(Tensor input, bool pivot = true)
        {
            Batch batch = new(input, "linalg.lu");
            int m = batch.Rows, n = batch.Columns, k = Math.Min(m, n);
            double[] ps = new double[batch.Count * m * m], ls = new double[batch.Count * m * k], us = new double[batch.Count * k * n];
            var pivots = new int[k];
            for (int i = 0; i < batch.Count; i++)
            {
                Span<double> a = batch[i];
                Lu.Factor(a, m, n, pivots, out _, pivot);
                int[] order = Enumerable.Range(0, m).ToArray();
                for (int r = 0; r < k; r++) (order[r], order[pivots[r]]) = (order[pivots[r]], order[r]);
                for (int r = 0; r < m; r++)
                {
                    ps[(i * m + order[r]) * m + r] = 1;
                    for (int c = 0; c < k; c++) ls[(i * m + r) * k + c] = c < r ? a[r * n + c] : c == r ? 1 : 0;
                    for (int c = r; c < n && r < k; c++) us[(i * k + r) * n + c] = a[r * n + c];
                }
            }
            return (batch.Result(ps, m, m), batch.Result(ls, m, k), batch.Result(us, k, n));
        }

        /// <summary>Both factors in one matrix, and the rows exchanged with each, counted from 1 (int32).</summary>
        public static (Tensor LU, Tensor Pivots) lu_factor(Tensor input, bool pivot = true)
        {
            Batch batch = new(input, "linalg.lu_factor");
            int k = Math.Min(batch.Rows, batch.Columns);
            int[] all = new int[batch.Count * k], pivots = new int[k];
            for (int i = 0; i < batch.Count; i++)
            {
                Lu.Factor(batch[i], batch.Rows, batch.Columns, pivots, out _, pivot);
                for (int r = 0; r < k; r++) all[i * k + r] = pivots[r] + 1;
            }
            return (batch.Result(batch.Data, batch.Rows, batch.Columns), tensor(all, [.. batch.Leading, k], ScalarType.Int32));
        }

        /// <summary>The X of A X = B, or X A = B, or with the transposed A, given A's factors.</summary>
        public static Tensor lu_solve(Tensor LU, Tensor pivots, Tensor B, bool left = true, bool adjoint = false, Tensor? @out = null)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor lower = LU.tril(-1).add(LinearSolve.Identity(LU.sizes[^1], LU.type)), a = lower.matmul(LU.triu());
            int n = (int)LU.sizes[^1];
            int[] swaps = pivots.contiguous().data<int>().ToArray();
            var places = new long[swaps.Length];
            for (int i = 0; i < swaps.Length / Math.Max(1, n); i++)
            {
                long[] order = Enumerable.Range(0, n).Select(r => (long)r).ToArray();
                for (int r = 0; r < n; r++) (order[r], order[swaps[i * n + r] - 1]) = (order[swaps[i * n + r] - 1], order[r]);
                for (int r = 0; r < n; r++) places[i * n + order[r]] = r;
            }
            // Row r of A is row places[r] of L U.
            Tensor index = tensor(places, pivots.sizes, ScalarType.Int64).unsqueeze(-1).expand(LU.sizes, false);
            a = a.gather(-2, index);
            Tensor x = solve(adjoint ? a.mT : a, B, left);
            return @out is null ? scope.MoveToOuter(x) : @out.copy_(x);
        }

        /// <summary>e to the power of square matrices: Taylor's series after halving, then squaring.</summary>
        public static Tensor matrix_exp(Tensor input)
        {
            LinearSolve.RequireSquare(input, "linalg.matrix_exp");
            using DisposeScope scope = NewDisposeScope();
            double norm;
            using (IDisposable mode = no_grad()) norm = input.Count == 0 ? 0 : matrix_norm(input, 1).max().to_type(ScalarType.Float64).item<double>();
            if (!double.IsFinite(norm)) return scope.MoveToOuter(torch.full_like(input, double.NaN));
            int halvings = norm > 0.5 ? (int)Math.Ceiling(Math.Log2(norm / 0.5)) : 0;
            Tensor x = input.mul(Math.ScaleB(1, -halvings)), one = LinearSolve.Identity(input.sizes[^1], input.type).expand(input.sizes, false);
            Tensor result = one;
            for (int k = 16; k >= 1; k--) result = one.add(x.matmul(result).div(k));
            for (int i = 0; i < halvings; i++) result = result.matmul(result);
            return scope.MoveToOuter(result);
        }
    }

    public static Tensor matrix_exp(Tensor input) => input.matrix_exp();
}
