namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor arctan() => atan();

        public Tensor arctan_() => atan_();

        /// <summary>As <see cref="atan2"/>.</summary>
        public Tensor arctan(Tensor other) => atan2(other);

        public Tensor arctan_(Tensor other) => atan2_(other);
    }

    public static Tensor arctan(Tensor input) => input.arctan();

    public static Tensor arctan(Tensor input, Tensor other) => input.arctan(other);

    public static Tensor arctan_(Tensor input) => input.arctan_();

    public static Tensor arctan_(Tensor input, Tensor other) => input.arctan_(other);
}
