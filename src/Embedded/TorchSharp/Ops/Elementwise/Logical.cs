namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>True where both are other than 0.</summary>
        public Tensor logical_and(Tensor other) => Flags<AndOperator>(other);

        /// <summary>True where either is other than 0.</summary>
        public Tensor logical_or(Tensor other) => Flags<OrOperator>(other);

        /// <summary>True where one only is other than 0.</summary>
        public Tensor logical_xor(Tensor other) => Flags<XorOperator>(other);

        /// <summary>True where an element is 0.</summary>
        public Tensor logical_not() => eq(0L);

        public Tensor logical_and_(Tensor other) => Replace(logical_and(other));

        public Tensor logical_or_(Tensor other) => Replace(logical_or(other));

        public Tensor logical_xor_(Tensor other) => Replace(logical_xor(other));

        public Tensor logical_not_() => Replace(logical_not());

        Tensor Flags<TOp>(Tensor other) where TOp : struct, IWholeOperator
        {
            using Tensor x = Elementwise.As(this, ScalarType.Bool), y = Elementwise.As(other, ScalarType.Bool);
            return Elementwise.Whole<TOp>(x, y, "logical_cpu", true);
        }
    }

    public static Tensor logical_and(Tensor left, Tensor right) => left.logical_and(right);

    public static Tensor logical_or(Tensor left, Tensor right) => left.logical_or(right);

    public static Tensor logical_not(Tensor input) => input.logical_not();

    public static Tensor logical_xor(Tensor left, Tensor right) => left.logical_xor(right);

    public static Tensor logical_and_(Tensor left, Tensor right) => left.logical_and_(right);

    public static Tensor logical_or_(Tensor left, Tensor right) => left.logical_or_(right);

    public static Tensor logical_xor_(Tensor left, Tensor right) => left.logical_xor_(right);
}
