using static TorchSharp.torch;

namespace TorchSharp.Modules;

public partial class Adam
{
    /// <summary>A group's settings; null where the optimizer's apply.</summary>
    public class Options : OptimizerOptions
    {
        public double? beta1;
        public double? beta2;
        public double? eps;
        public double? weight_decay;
        public bool? amsgrad;
        public bool? maximize;

        internal override (double, double) Betas
        {
            get => (beta1!.Value, beta2!.Value);
            set => (beta1, beta2) = value;
        }

        internal static Options Of(double lr, double beta1, double beta2, double eps, double weight_decay, bool amsgrad, bool maximize) => new()
        {
            Rate = lr,
            beta1 = beta1,
            beta2 = beta2,
            eps = eps,
            weight_decay = weight_decay,
            amsgrad = amsgrad,
            maximize = maximize,
        };

        internal override void Visit(OptionVisitor visitor)
        {
            visitor.On(ref beta1);
            visitor.On(ref beta2);
            visitor.On(ref eps);
            visitor.On(ref weight_decay);
            visitor.On(ref amsgrad);
            visitor.On(ref maximize);
        }
    }

    /// <summary>Parameters with settings of their own.</summary>
    public class ParamGroup : ParamGroup<Options>, optim.IBetas
    {
        public ParamGroup() => Options = new Options();

        public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options)
        {
        }

        public ParamGroup(IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
            : base(parameters, Options.Of(lr, beta1, beta2, eps, weight_decay, amsgrad, maximize))
        {
        }

        public (double, double) Betas
        {
            get => Options.Betas;
            set => Options.Betas = value;
        }
    }

    /// <summary>What is kept of one parameter.</summary>
    public class State : OptimizerState, IDisposable
    {
        public long step;
        public Tensor exp_avg = null!;
        public Tensor exp_avg_sq = null!;
        public Tensor? max_exp_avg_sq;

        public State(Parameter parameter) : base(parameter)
        {
        }

        internal override void Visit(StateVisitor visitor)
        {
            visitor.On(ref step);
            visitor.On(ref exp_avg);
            visitor.On(ref exp_avg_sq);
            visitor.OnOptional(ref max_exp_avg_sq);
        }

        public override void Initialize(OptimizerOptions options) => Begin(((Options)options).amsgrad == true);

        public void Dispose()
        {
            Release();
            GC.SuppressFinalize(this);
        }
    }
}
