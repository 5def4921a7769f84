using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>beta times this plus alpha times the product of two matrices.</summary>
        public Tensor addmm(Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1)
        {
            using Tensor product = mat1.mm(mat2);
            return Mixed(product, beta, alpha);
        }

        public Tensor addmm_(Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1) => Replace(addmm(mat1, mat2, beta, alpha));

        /// <summary>beta times this plus alpha times the product of a matrix and a vector.</summary>
        public Tensor addmv(Tensor mat, Tensor vec, float beta = 1, float alpha = 1)
        {
            using Tensor product = mat.mv(vec);
            return Mixed(product, beta, alpha);
        }

        public Tensor addmv_(Tensor mat, Tensor vec, float beta = 1, float alpha = 1) => Replace(addmv(mat, vec, beta, alpha));

        /// <summary>beta times this plus alpha times the outer product of two vectors.</summary>
        public Tensor addr(Tensor vec1, Tensor vec2, float beta = 1, float alpha = 1)
        {
            using Tensor product = vec1.outer(vec2);
            return Mixed(product, beta, alpha);
        }

        public Tensor addr_(Tensor vec1, Tensor vec2, float beta = 1, float alpha = 1) => Replace(addr(vec1, vec2, beta, alpha));

        /// <summary>beta times this plus alpha times the products of batches of matrices.</summary>
        public Tensor baddbmm(Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1)
        {
            using Tensor product = batch1.bmm(batch2);
            return Mixed(product, beta, alpha);
        }

        /// <summary>beta times this plus alpha times the sum of the products of batches of matrices.</summary>
        public Tensor addbmm(Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1)
        {
            using Tensor products = batch1.bmm(batch2), sum = products.sum(0L);
            return Mixed(sum, beta, alpha);
        }

        public Tensor addbmm_(Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1) => Replace(addbmm(batch1, batch2, beta, alpha));

        /// <summary>beta this + alpha product; with beta 0 this tensor's NaN don't count.</summary>
        Tensor Mixed(Tensor product, float beta, float alpha)
        {
            if (!Shapes.Broadcast(sizes, product.sizes).AsSpan().SequenceEqual(product.sizes))
                throw new ExternalException($"The expanded size of the tensor ({Shapes.Text(product.sizes)}) must match the existing size ({Shapes.Text(sizes)})");
            bool whole = !Dtypes.IsFloating(type);
            using Tensor scaled = alpha == 1 ? product.alias() : whole ? product.mul((long)alpha) : product.mul((double)alpha);
            if (beta == 0) return scaled.clone();
            using Tensor mine = beta == 1 ? alias() : whole ? mul((long)beta) : mul((double)beta);
            return mine.add(scaled);
        }
    }

    public static Tensor addmm(Tensor input, Tensor mat1, Tensor mat2, float beta, float alpha) => input.addmm(mat1, mat2, beta, alpha);

    public static Tensor addmm_(Tensor input, Tensor mat1, Tensor mat2, float beta, float alpha) => input.addmm_(mat1, mat2, beta, alpha);

    public static Tensor addmv(Tensor input, Tensor mat1, Tensor mat2, float beta, float alpha) => input.addmv(mat1, mat2, beta, alpha);

    public static Tensor addmv_(Tensor input, Tensor mat1, Tensor mat2, float beta, float alpha) => input.addmv_(mat1, mat2, beta, alpha);

    public static Tensor addr(Tensor input, Tensor vec1, Tensor vec2, float beta = 1, float alpha = 1) => input.addr(vec1, vec2, beta, alpha);

    public static Tensor addr_(Tensor input, Tensor vec1, Tensor vec2, float beta = 1, float alpha = 1) => input.addr_(vec1, vec2, beta, alpha);

    public static Tensor baddbmm(Tensor input, Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1) => input.baddbmm(batch1, batch2, beta, alpha);

    public static Tensor addbmm(Tensor input, Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1) => input.addbmm(batch1, batch2, beta, alpha);

    public static Tensor addbmm_(Tensor input, Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1) => input.addbmm_(batch1, batch2, beta, alpha);
}
