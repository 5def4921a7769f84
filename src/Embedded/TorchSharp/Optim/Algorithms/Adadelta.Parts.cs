using static TorchSharp.torch;

namespace TorchSharp.Modules;

public partial class Adadelta
{
    /// <summary>A group's settings; null where the optimizer's apply.</summary>
    public class Options : OptimizerOptions
    {
        public double? rho;
        public double? eps;
        public double? weight_decay;
        public bool? maximize;

        internal static Options Of(double lr, double rho, double eps, double weight_decay, bool maximize) => new()
        {
            Rate = lr,
            rho = rho,
            eps = eps,
            weight_decay = weight_decay,
            maximize = maximize,
        };

        internal override void Visit(OptionVisitor visitor)
        {
            visitor.On(ref rho);
            visitor.On(ref eps);
            visitor.On(ref weight_decay);
            visitor.On(ref maximize);
        }
    }

    /// <summary>Parameters with settings of their own.</summary>
    public class ParamGroup : ParamGroup<Options>
    {
        public ParamGroup() => Options = new Options();

        public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options)
        {
        }

        public ParamGroup(IEnumerable<Parameter> parameters, double lr = 1, double rho = 0.9, double eps = 1e-6, double weight_decay = 0, bool maximize = false)
            : base(parameters, Options.Of(lr, rho, eps, weight_decay, maximize))
        {
        }
    }

    /// <summary>What is kept of one parameter.</summary>
    public class State : OptimizerState, IDisposable
    {
        public long step;
        public Tensor square_avg = null!;
        public Tensor acc_delta = null!;

        public State(Parameter parameter) : base(parameter)
        {
        }

        internal override void Visit(StateVisitor visitor)
        {
            visitor.On(ref step);
            visitor.On(ref square_avg);
            visitor.On(ref acc_delta);
        }

        public override void Initialize(OptimizerOptions options) => Begin();

        public void Dispose()
        {
            Release();
            GC.SuppressFinalize(this);
        }
    }
}
