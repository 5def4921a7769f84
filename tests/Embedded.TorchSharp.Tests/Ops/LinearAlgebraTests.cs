using System.Runtime.InteropServices;
using DiffusionBatch.Embedded.TorchSharp.Tests.Autograd;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Ops;

/// <summary>Factorings multiply back to what was factored, solutions solve, and gradients are the differences.</summary>
public sealed class LinearAlgebraTests
{
    static Tensor Random(params long[] shape) => randn(shape, ScalarType.Float64, generator: new Generator(11));

    static Tensor Positive(Tensor x) => x.matmul(x.mT) + Eye(x.shape[^2]);

    static Tensor Well(Tensor x) => x + 4 * Eye(x.shape[^1]);

    static Tensor Eye(long n) => ones([n], ScalarType.Float64).diag_embed();

    static void Near(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.True(allclose(expected, actual, 1e-9, 1e-9), $"{actual} differs by {(expected - actual).abs().max().item<double>()}");
    }

    public static TheoryData<int, int> Sizes() => new() { { 1, 1 }, { 3, 3 }, { 5, 3 }, { 3, 5 }, { 8, 8 } };

    [Theory, MemberData(nameof(Sizes))]
    public void Factors_multiply_back(int m, int n)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor a = Random(2, m, n);
        foreach (bool full in new[] { false, true })
        {
            (Tensor u, Tensor s, Tensor vh) = linalg.svd(a, full);
            long k = Math.Min(m, n);
            Near(a, (u.narrow(-1, 0, k) * s.unsqueeze(-2)).matmul(vh.narrow(-2, 0, k)));
            Near(Eye(u.shape[^1]).expand(2, -1, -1), u.mT.matmul(u));
            Near(Eye(vh.shape[^2]).expand(2, -1, -1), vh.matmul(vh.mT));
            Assert.True((s.diff() <= 0).all().item<bool>());
        }
        foreach (linalg.QRMode mode in new[] { linalg.QRMode.Reduced, linalg.QRMode.Complete })
        {
            (Tensor q, Tensor r) = linalg.qr(a, mode);
            Near(a, q.matmul(r));
            Near(Eye(q.shape[^1]).expand(2, -1, -1), q.mT.matmul(q));
            Near(r.triu(), r);
        }
        Near(linalg.qr(a).R, linalg.qr(a, linalg.QRMode.R).R);
        (Tensor p, Tensor l, Tensor up) = linalg.lu(a);
        Near(a, p.matmul(l).matmul(up));
        Near(a, a.matmul(linalg.pinv(a)).matmul(a));
        Near(linalg.pinv(a), a.pinverse());
        Near(linalg.pinv(a, tensor(1e-12)), pinverse(a));
        Near(linalg.svdvals(a).sum(-1), linalg.matrix_norm(a, "nuc"));
        Near(linalg.norm(a[0], "fro"), linalg.vector_norm(a[0]));
        Assert.Equal(Math.Min(m, n), linalg.matrix_rank(a[0]).item<long>());
        Assert.Equal(Math.Min(m, n), linalg.matrix_rank(a[0], tensor(1e-9)).item<long>());
    }

    [Theory, InlineData(1), InlineData(4), InlineData(9)]
    public void Square_matrices(int n)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor a = Well(Random(2, n, n)), one = Eye(n).expand(2, -1, -1), b = Random(2, n, 3), spd = Positive(Random(2, n, n));
        Near(one, a.matmul(linalg.inv(a)));
        Near(a.inverse(), inverse(a));
        Near(linalg.inv(a), linalg.inv_ex(a).L);
        Near(b, a.matmul(linalg.solve(a, b)));
        Near(b.mT, linalg.solve(a, b.mT, false).matmul(a));
        Near(b[0].select(1, 0), a[0].matmul(linalg.solve(a[0], b[0].select(1, 0))));
        Near(linalg.solve(a, b), linalg.solve_ex(a, b).result);
        Near(b, a.triu().matmul(linalg.solve_triangular(a, b, true)));
        Near(b.mT, linalg.solve_triangular(a, b.mT, false, false).matmul(a.tril()));
        (Tensor lu, Tensor pivots) = linalg.lu_factor(a);
        Near(linalg.solve(a, b), linalg.lu_solve(lu, pivots, b));
        Near(linalg.solve(a.mT, b), linalg.lu_solve(lu, pivots, b, adjoint: true));
        Tensor l = linalg.cholesky(spd);
        Near(spd, l.matmul(l.mT));
        Near(l, spd.cholesky());
        Near(l, cholesky(spd));
        Near(l.mT, cholesky(spd, true));
        Near(l, linalg.cholesky_ex(spd).L);
        Near(linalg.solve(spd, b), b.cholesky_solve(l));
        Near(linalg.solve(spd, b), cholesky_solve(b, l.mT, true));
        Near(linalg.inv(spd), l.cholesky_inverse());
        Near(linalg.inv(spd), cholesky_inverse(l.mT, true));
        (Tensor values, Tensor vectors) = linalg.eigh(spd);
        Near(spd, (vectors * values.unsqueeze(-2)).matmul(vectors.mT));
        Near(values, linalg.eigvalsh(spd, 'U'));
        Near(values.prod(-1), linalg.det(spd));
        Near(a.det(), det(a));
        Near(linalg.slogdet(a).res * linalg.slogdet(a).logabsdet.exp(), a.det());
        Near(slogdet(spd).logabsdet, spd.logdet());
        Near(spd.logdet(), logdet(spd));
        Near((vectors * (values * 0.1).exp().unsqueeze(-2)).matmul(vectors.mT), linalg.matrix_exp(spd * 0.1));
        Near((spd * 0.1).matrix_exp(), matrix_exp(spd * 0.1));
        Near(a.matmul(a).matmul(a), a.matrix_power(3));
        Near(linalg.inv(a), matrix_power(a, -1));
        Near(one, a.matrix_power(0));
        Near(linalg.matrix_norm(a, 2.0) * linalg.matrix_norm(linalg.inv(a), 2.0), linalg.cond(a));
        Near(linalg.cond(a, 2.0), linalg.cond(a));
        Near(linalg.matrix_norm(a, 1.0) * linalg.matrix_norm(linalg.inv(a), 1.0), linalg.cond(a, 1));
        Near(linalg.matrix_norm(a) * linalg.matrix_norm(linalg.inv(a)), linalg.cond(a, "fro"));
        Near(a.abs().sum(-1).amax([-1L]), linalg.matrix_norm(a, double.PositiveInfinity));
        Near(linalg.norm(a[0], 1), linalg.norm(a[0], 1.0));
        Near(linalg.norm(a), a.norm());
    }

    [Fact]
    public void Singular_and_wrong_matrices_are_refused_in_libtorch_s_words()
    {
        Tensor singular = ones([2, 2], ScalarType.Float64), wide = ones([2, 3], ScalarType.Float64);
        Says("linalg.inv: The diagonal element 2 is zero, the inversion could not be completed because the input matrix is singular.", () => linalg.inv(singular));
        Says("linalg.solve: The solver failed because the input matrix is singular.", () => linalg.solve(singular, singular));
        Says("linalg.inv: A must be batches of square matrices, but they are 2 by 3 matrices", () => linalg.inv(wide));
        Says("linalg.cholesky: The factorization could not be completed because the input is not positive-definite (the leading minor of order 2 is not positive-definite).", () => linalg.cholesky(singular));
        Says("linalg.cholesky: (Batch element 0): The factorization could not be completed because the input is not positive-definite (the leading minor of order 1 is not positive-definite).", () => linalg.cholesky(zeros([1, 2, 2])));
        Assert.Equal(0, linalg.det(singular).item<double>());
        Assert.Equal(1, linalg.matrix_rank(singular).item<long>());
        Assert.Equal(double.NegativeInfinity, linalg.slogdet(singular).logabsdet.item<double>());

        static void Says(string message, Func<Tensor> run) => Assert.Equal(message, Assert.Throws<ExternalException>(() => run()).Message);
    }

    static readonly Dictionary<string, (long[][] Shapes, Func<Tensor[], Tensor> Run)> Gradients = new()
    {
        ["inv"] = ([[2, 3, 3]], x => linalg.inv(Well(x[0]))),
        ["solve"] = ([[3, 3], [2, 3, 2]], x => linalg.solve(Well(x[0]), x[1])),
        ["solve of vectors"] = ([[3, 3], [3]], x => linalg.solve(Well(x[0]), x[1])),
        ["solve_triangular"] = ([[3, 3], [3, 2]], x => linalg.solve_triangular(Well(x[0]), x[1], true)),
        ["det"] = ([[2, 3, 3]], x => linalg.det(x[0])),
        ["det of a singular matrix"] = ([[3]], x => linalg.det(x[0].outer(x[0] * 2) + (x[0] * x[0]).diag_embed() - x[0].outer(x[0] * 2) * 0)),
        ["slogdet"] = ([[3, 3]], x => linalg.slogdet(x[0]).logabsdet),
        ["cholesky"] = ([[3, 3]], x => linalg.cholesky(Positive(x[0]))),
        ["qr"] = ([[4, 3]], x => linalg.qr(x[0]) is var (q, r) ? q.sum() * 2 + (r * r).sum() + (q * q * q).sum() : x[0]),
        ["eigh"] = ([[3, 3]], x => linalg.eigh(x[0] + x[0].mT) is var (l, v) ? (l * l * l).sum() + (v.abs() * arange(9.0).reshape(3, 3)).sum() : x[0]),
        ["svd tall"] = ([[4, 3]], x => linalg.svd(x[0], false) is var (u, s, v) ? (s * s * s).sum() + (u.abs() * arange(12.0).reshape(4, 3)).sum() + v.abs().sum() : x[0]),
        ["svd wide"] = ([[2, 4]], x => linalg.svd(x[0], false) is var (u, s, v) ? s.sum() + u.abs().sum() + (v.abs() * arange(8.0).reshape(2, 4)).sum() : x[0]),
        ["pinv"] = ([[4, 2]], x => linalg.pinv(x[0])),
        ["matrix_exp"] = ([[3, 3]], x => linalg.matrix_exp(x[0])),
        ["nuclear norm"] = ([[3, 2]], x => linalg.matrix_norm(x[0], "nuc")),
        ["spectral norm"] = ([[3, 2]], x => linalg.matrix_norm(x[0], 2.0)),
        ["1-norm"] = ([[3, 2]], x => linalg.matrix_norm(x[0], 1.0)),
        ["einsum"] = ([[2, 3, 4], [4, 3, 5]], x => einsum("bik,kij->bj", x[0], x[1])),
        ["einsum diagonal"] = ([[3, 3], [3]], x => einsum("ii,i->i", x[0], x[1])),
        ["tensordot"] = ([[2, 3, 4], [3, 4, 2]], x => x[0].tensordot(x[1])),
        ["addmm"] = ([[3], [2, 4], [4, 3]], x => x[0].addmm(x[1], x[2], 0.5f, 2)),
        ["cross"] = ([[2, 3], [2, 3]], x => linalg.cross(x[0], x[1])),
        ["kron"] = ([[2, 2], [1, 3]], x => x[0].kron(x[1])),
        ["cov"] = ([[3, 5]], x => x[0].cov()),
        ["cdist"] = ([[3, 2], [4, 2]], x => cdist(x[0], x[1])),
        ["cdist 3"] = ([[3, 2], [4, 2]], x => cdist(x[0], x[1], 3)),
        ["multi_dot"] = ([[2, 3], [3, 4], [4, 2]], x => linalg.multi_dot([x[0], x[1], x[2]])),
    };

    public static TheoryData<string> Names() => [.. Gradients.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Gradients_are_the_differences(string name) => GradientCheck.Run(name, Gradients[name].Shapes, Gradients[name].Run);

    [Fact]
    public void Products_agree_with_matmul()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor a = Random(3, 4), b = Random(4, 5), v = Random(4), w = Random(4), c = Random(3, 5), x = Random(2, 3, 4), y = Random(2, 4, 5);
        Tensor ab = a.matmul(b);
        foreach (Tensor t in new[] { einsum("ij,jk->ik", a, b), einsum("ij,jk", a, b), tensordot(a, b, 1), tensordot(a, b, [1], [0]), tensordot(a, b, [(1, 0)]), linalg.multi_dot([a, b]), chain_matmul(a, b) }) Near(ab, t);
        Near(ab.mT, einsum("ij,jk->ki", a, b));
        Near(ab * 2 + c * 0.5, c.addmm(a, b, 0.5f, 2));
        Near(c.addmm(a, b, 0.5f, 2), addmm(c, a, b, 0.5f, 2));
        Near(c.addmm(a, b), c.clone().addmm_(a, b));
        Near(c.addmm(a, b), addmm_(c.clone(), a, b, 1, 1));
        Tensor av = a.matmul(v), r = Random(3);
        foreach (Tensor t in new[] { a.mv(v), mv(a, v), einsum("ij,j", a, v) }) Near(av, t);
        foreach (Tensor t in new[] { r.addmv(a, v), addmv(r, a, v, 1, 1), r.clone().addmv_(a, v), addmv_(r.clone(), a, v, 1, 1) }) Near(r + av, t);
        Tensor vw = v.unsqueeze(1) * w;
        foreach (Tensor t in new[] { v.outer(w), outer(v, w), v.ger(w), ger(v, w), einsum("i,j->ij", v, w) }) Near(vw, t);
        Tensor m = Random(4, 4);
        foreach (Tensor t in new[] { m.addr(v, w), addr(m, v, w), m.clone().addr_(v, w), addr_(m.clone(), v, w) }) Near(m + vw, t);
        foreach (Tensor t in new[] { v.dot(w), dot(v, w), v.vdot(w), vdot(v, w), v.inner(w), inner(v, w), linalg.vecdot(v, w), einsum("i,i->", v, w) }) Near((v * w).sum(), t);
        Near(a.matmul(b.t().mT), a.inner(b.t()));
        Tensor xy = x.bmm(y), z = Random(2, 3, 5);
        foreach (Tensor t in new[] { z.baddbmm(x, y), baddbmm(z, x, y) }) Near(z + xy, t);
        foreach (Tensor t in new[] { c.addbmm(x, y), addbmm(c, x, y), c.clone().addbmm_(x, y), addbmm_(c.clone(), x, y) }) Near(c + xy.sum(0L), t);
        Near(xy, einsum("bij,bjk->bik", x, y));
        Near(x.matmul(b), einsum("...ij,jk->...ik", x, b));
        Near(x.sum([0L, 2L]), einsum("bij->i", x));
        Near(m.diag().sum(), einsum("ii", m));
        Near(m.trace(), trace(m));
        Near(m.diag(), einsum("ii->i", m));
        Near(linalg.inv(m), linalg.tensorinv(m.reshape(2, 2, 4), 2).reshape(4, 4));
        Near(linalg.solve(m, v), linalg.tensorsolve(m.reshape(2, 2, 4), v.reshape(2, 2), null!).reshape(4));
        Near(v.vander(3, true), linalg.vander(v, 3));
        Near(vander(v), v.vander());
        Near(kron(a, b), a.kron(b));
        Near(cov(a), a.cov());
        Near(corrcoef(a), a.corrcoef());
        Assert.Equal("einsum(): subscript j has size 5 for operand 1 which does not broadcast with previously seen size 4", Assert.Throws<ExternalException>(() => einsum("ij,j", a, Random(5))).Message);
    }
}
