using System.Runtime.InteropServices;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The triangular factor of symmetric positive-definite matrices, lower or upper.</summary>
        public Tensor cholesky(bool upper = false)
        {
            if (!upper) return linalg.cholesky(this);
            using Tensor mirrored = mT, factor = linalg.cholesky(mirrored), turned = factor.mT;
            return turned.contiguous();
        }

        /// <summary>The inverses of the matrices whose Cholesky factors these are.</summary>
        public Tensor cholesky_inverse(bool upper = false)
        {
            using Tensor one = LinearSolve.Identity(sizes[^1], type);
            return one.cholesky_solve(this, upper);
        }

        /// <summary>The X of A X = this, given the Cholesky factor of A.</summary>
        public Tensor cholesky_solve(Tensor input2, bool upper = false)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor lower = upper ? input2.mT : input2;
            Tensor first = linalg.solve_triangular(lower, this, false);
            return scope.MoveToOuter(linalg.solve_triangular(lower.mT, first, true));
        }
    }

    public static partial class linalg
    {
        /// <summary>The lower triangular L with L L^T = A; only the lower triangle of A is read.</summary>
        public static Tensor cholesky(Tensor input) => Factored(input, "linalg.cholesky", true, out _);

        /// <summary>The factors, and for each the order of the first minor that is not positive (int32), 0 where there is none.</summary>
        public static (Tensor L, Tensor info) cholesky_ex(Tensor input, bool check_errors = false)
        {
            Tensor factor = Factored(input, "linalg.cholesky_ex", check_errors, out int[] info);
            return (factor, Infos(input, info));
        }

        static Tensor Factored(Tensor input, string name, bool check, out int[] info)
        {
            Batch batch = new Batch(input, name).Square(name);
            info = new int[batch.Count];
            for (int i = 0; i < batch.Count; i++)
            {
                info[i] = CholeskyFactor.Factor(batch[i], batch.Rows);
                if (info[i] != 0 && check)
                    throw new ExternalException($"{name}: {batch.Place(i)}The factorization could not be completed because the input is not positive-definite (the leading minor of order {info[i]} is not positive-definite).");
            }
            Tensor factor = batch.Result(batch.Data, batch.Rows, batch.Rows);
            if (!Tape.Records(input)) return factor;
            return Tape.Record(factor, "LinalgCholeskyExBackward", [input], [factor], (n, g) =>
            {
                // L^-T phi(L^T g) L^-1 made symmetric; phi keeps the lower triangle and half of the diagonal.
                Tensor l = n.Saved(0), product = l.mT.matmul(g.tril()), phi = product.tril().sub(product.DiagonalCopy(0).mul(0.5).diag_embed());
                Tensor left = solve_triangular(l.mT, phi, true), both = solve_triangular(l, left, false, false);
                return [both.add(both.mT).mul(0.5)];
            });
        }
    }

    public static Tensor cholesky(Tensor input) => input.cholesky();

    public static Tensor cholesky_inverse(Tensor input, bool upper = false) => input.cholesky_inverse(upper);

    public static Tensor cholesky_solve(Tensor input, Tensor input2, bool upper = false) => input.cholesky_solve(input2, upper);

    public static Tensor cholesky(Tensor input, bool upper) => input.cholesky(upper);
}
