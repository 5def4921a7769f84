using static TorchSharp.torch;

namespace TorchSharp.Modules;

public partial class RMSProp
{
    /// <summary>A group's settings; null where the optimizer's apply.</summary>
    public class Options : OptimizerOptions
    {
        public bool? maximize;
        public double? momentum;
        public double? alpha;
        public double? eps;
        public double? weight_decay;
        public bool? centered;

        internal static Options Of(double lr, double alpha, double eps, double weight_decay, double momentum, bool centered, bool? maximize) => new()
        {
            Rate = lr,
            maximize = maximize,
            momentum = momentum,
            alpha = alpha,
            eps = eps,
            weight_decay = weight_decay,
            centered = centered,
        };

        internal override void Visit(OptionVisitor visitor)
        {
            visitor.On(ref maximize);
            visitor.On(ref momentum);
            visitor.On(ref alpha);
            visitor.On(ref eps);
            visitor.On(ref weight_decay);
            visitor.On(ref centered);
        }
    }

    /// <summary>Parameters with settings of their own.</summary>
    public class ParamGroup : ParamGroup<Options>, optim.IMomentum
    {
        public ParamGroup() => Options = new Options();

        public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options)
        {
        }

        public ParamGroup(IEnumerable<Parameter> parameters, double lr = 1e-3, double eps = 1e-8, double alpha = 0.99, double weight_decay = 0, double momentum = 0, bool centered = false)
            : base(parameters, Options.Of(lr, alpha, eps, weight_decay, momentum, centered, null))
        {
        }

        public double Momentum
        {
            get => Options.momentum!.Value;
            set => Options.momentum = value;
        }
    }

    /// <summary>What is kept of one parameter.</summary>
    public class State : OptimizerState, IDisposable
    {
        public long step;
        public Tensor square_avg = null!;
        public Tensor? momentum_buffer;
        public Tensor? grad_avg;

        public State(Parameter parameter) : base(parameter)
        {
        }

        internal override void Visit(StateVisitor visitor)
        {
            visitor.On(ref step);
            visitor.On(ref square_avg);
            visitor.OnOptional(ref momentum_buffer);
            visitor.OnOptional(ref grad_avg);
        }

        public override void Initialize(OptimizerOptions options) => Begin(true);

        public void Dispose()
        {
            Release();
            GC.SuppressFinalize(this);
        }
    }
}
