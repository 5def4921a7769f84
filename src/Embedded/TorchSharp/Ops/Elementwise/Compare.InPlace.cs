namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor eq_(Tensor target) => Replace(eq(target));
        public Tensor eq_(Scalar target) => Replace(eq(target));
        public Tensor ne_(Tensor target) => Replace(ne(target));
        public Tensor ne_(Scalar target) => Replace(ne(target));
        public Tensor lt_(Tensor target) => Replace(lt(target));
        public Tensor lt_(Scalar target) => Replace(lt(target));
        public Tensor le_(Tensor target) => Replace(le(target));
        public Tensor le_(Scalar target) => Replace(le(target));
        public Tensor gt_(Tensor target) => Replace(gt(target));
        public Tensor gt_(Scalar target) => Replace(gt(target));
        public Tensor ge_(Tensor target) => Replace(ge(target));
        public Tensor ge_(Scalar target) => Replace(ge(target));

        public Tensor greater(Tensor target) => gt(target);

        public Tensor greater_equal(Tensor target) => ge(target);

        public Tensor less(Tensor target) => lt(target);

        public Tensor less_equal(Tensor target) => le(target);

        public Tensor not_equal(Tensor target) => ne(target);

        public Tensor less_equal_(Tensor target) => le_(target);

        public Tensor not_equal_(Tensor target) => ne_(target);
    }

    public static Tensor greater(Tensor tensor, Tensor target) => tensor.greater(target);

    public static Tensor greater_equal(Tensor tensor, Tensor target) => tensor.greater_equal(target);

    public static Tensor less(Tensor tensor, Tensor target) => tensor.less(target);

    public static Tensor less_equal(Tensor tensor, Tensor target) => tensor.less_equal(target);

    public static Tensor not_equal(Tensor tensor, Tensor target) => tensor.not_equal(target);
}
