namespace TorchSharp.Modules;

/// <summary>Notes the options of one object, then gives them to others of its kind: to all, or where they are open.</summary>
internal sealed class OptionValues : OptionVisitor
{
    readonly List<object?> values = [];
    readonly bool overwrite;
    int next = -1;

    public OptionValues(OptimizerOptions source, bool overwrite)
    {
        this.overwrite = overwrite;
        source.Visit(this);
    }

    public void GiveTo(OptimizerOptions target)
    {
        next = 0;
        target.Visit(this);
    }

    public override void On(ref double? option) => Take(ref option);

    public override void On(ref bool? option) => Take(ref option);

    void Take<T>(ref T? option) where T : struct
    {
        if (next < 0) values.Add(option);
        else
        {
            var value = (T?)values[next++];
            option = overwrite ? value : option ?? value;
        }
    }
}
