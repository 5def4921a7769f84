using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;

namespace DiffusionBatch.Pipeline.Tests.Manifests;

/// <summary>Fields that go with some strategies only.</summary>
public sealed class StrategyRulesTests
{
    static string[] Problems(string sampler) =>
        [.. Read.Json(
            $$"""{"kind":"sample","name":"a","model":{"from":"models/de-en"},"input":"data/test.jsonl","output":"o","sampler":{{sampler}}}""").Problems.Select(p => $"{p.Pointer}: {p.Message}")];

    [Fact]
    public void A_field_that_the_preset_does_not_have_is_an_error_that_names_those_it_has() => Assert.Equal(
        [
            """/sampler/reMask: the preset "left-to-right" has no field "reMask"; expected one of "steps", "closing", "temperature", "topK", "topP", "precision", "candidates", "endAtEos", "length" """.Trim(),
            """/sampler/schedule: the preset "left-to-right" has no field "schedule"; expected one of "steps", "closing", "temperature", "topK", "topP", "precision", "candidates", "endAtEos", "length" """.Trim(),
        ],
        Problems("""{"preset":"left-to-right","steps":[1,2],"reMask":"cond","schedule":"linear"}"""));

    [Fact]
    public void A_value_that_the_preset_does_not_take_is_an_error_that_names_those_it_takes()
    {
        Assert.Equal(
            ["""/sampler/schedule: the preset "rdm" doesn't take the schedule "quadratic"; expected one of "cosine", "linear" """.Trim()],
            Problems("""{"schedule":"quadratic"}"""));
        Assert.Empty(Problems("""{"preset":["rdm","maskgit"],"schedule":"quadratic"}"""));
        Assert.Single(Problems("""{"preset":"llada","rank":["probability","margin"]}"""));
        Assert.Empty(Problems("""{"preset":"dream","rank":["probability","margin","entropy"],"eps":[0.001,0.05],"closing":"none"}"""));
        Assert.Empty(Problems("""{"preset":["threshold","factor"],"threshold":[0.5,0.9],"factor":1,"blockLength":[0,8]}"""));
    }

    [Fact]
    public void In_a_sweep_one_preset_that_has_the_field_is_enough()
    {
        Assert.Empty(Problems("""{"preset":["left-to-right","rdm"],"reMask":["cond","uncond"]}"""));
        Assert.Empty(Problems("""{"order":["deterministic","stochastic"],"noise":[0.5,1]}"""));
        Assert.Empty(Problems("""{"length":{"source":["oracle","predicted"],"beam":[1,5]}}"""));
        Assert.Single(Problems("""{"length":{"source":["oracle","fixed"],"beam":[1,5],"value":3}}"""));
        Assert.Single(Problems("""{"length":{"source":["oracle","fixed"]}}"""));
    }

    [Fact]
    public void A_process_has_fields_of_its_own()
    {
        var problems =
            Read.Json(Read.Finetune.Replace("\"absorbing\"", "\"mlm\"", StringComparison.Ordinal)).Problems.Select(p => p.Message).ToList();
        Assert.Contains("the field \"timesteps\" is for the process \"absorbing\" or \"multinomial\" only", problems);
        Assert.Contains("the process \"absorbing\" doesn't take the weighting \"bound\"; expected one of \"linear\", \"reciprocal\", "
            + "\"none\", \"cart\"",
            Read.Json(Read.Finetune.Replace("\"linear\"", "\"bound\"", StringComparison.Ordinal)).Problems.Select(p => p.Message));
        Assert.Contains("a length predictor learns from prompts and responses; the process \"mlm\" trains on texts", problems);
    }

    [Theory]
    [InlineData("autoregressive", "\"attention\": \"full\"",
        "the process \"autoregressive\" doesn't take the attention \"full\"; expected")]
    [InlineData("autoregressive", "\"shift\": false", "the process \"autoregressive\" doesn't take the shift \"false\"; expected")]
    [InlineData("block", "\"attention\": \"prefix\"", "the process \"block\" doesn't take the attention \"prefix\"; expected")]
    [InlineData("block", "\"annealSteps\": 5", "there is nothing to go over to")]
    [InlineData("block", "\"minTime\": 0.8, \"maxTime\": 0.3", "expected a minTime below maxTime 0.3, found 0.8")]
    [InlineData("sundae", "\"blockLength\": 4", "the field \"blockLength\" is for the process \"block\" only")]
    [InlineData("sundae", "\"timesteps\": 4", "the field \"timesteps\" is for the process \"absorbing\" or \"multinomial\" only")]
    public void Fields_of_everybody_may_have_values_that_a_process_does_not_take(string process, string field, string problem)
    {
        string json = $$"""
            { "kind": "finetune", "name": "a", "model": { "from": "m" }, "data": { "train": "t.jsonl" }, "objective": { "process": "{{process}}", {{field}} }, "output": "o" }
            """;
        Assert.Contains(Read.Json(json).Problems, p => p.Message.StartsWith(problem, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("autoregressive", "\"attention\": \"prefix\", \"shift\": true", "\"padTo\": 20")]
    [InlineData("block", "\"blockLength\": 8, \"minTime\": 0.3, \"maxTime\": 0.8", "\"packed\": true")]
    [InlineData("sundae", "\"unroll\": 3, \"attention\": \"full\"", "\"packed\": false")]
    [InlineData("sundae", "\"unroll\": 3", "\"padTo\": 40, \"maxLength\": 41", "/data/padTo")]
    [InlineData("sundae", "\"unroll\": 3", "\"padTo\": 40, \"packed\": true", "/data/padTo")]
    [InlineData("mlm", "\"ratio\": 0.3", "\"packed\": false", "/data/packed")]
    public void Processes_take_their_own_and_texts_have_nothing_to_pad(string process, string field, string data,
        params string[] problems) => Assert.Equal(problems, Read.Json($$"""
        { "kind": "finetune", "name": "a", "model": { "from": "m" }, "data": { "train": "t.jsonl", {{data}} }, "objective": { "process": "{{process}}", {{field}} }, "output": "o" }
        """, new FakeRoot("m/", "t.jsonl")).Problems.Select(p => p.Pointer));

    [Fact]
    public void Every_setting_that_a_strategy_names_is_a_specific_field_of_its_record_and_every_such_field_has_a_strategy()
    {
        foreach (var (kind, record) in new[]
        {
            (StrategyKind.Preset, typeof(SamplerSettings)), (StrategyKind.Process, typeof(ObjectiveSettings)),
            (StrategyKind.Length, typeof(LengthSettings)),
            (StrategyKind.Metric, typeof(MetricSpec)), (StrategyKind.Architecture, typeof(NewModel)),
        })
        {
            var specific = Contracts.Fields.RecordShape.Of(record).Fields.Where(f => f.IsSpecific).ToList();
            // A common field may be named to say which of its values a strategy takes.
            var common = Contracts.Fields.RecordShape.Of(record).Fields.Where(f => !f.IsSpecific
                && StrategyCatalog.Of(kind).Any(c => c.Setting(f.Name)?.Values is not null)).ToList();
            Assert.Equal(specific.Concat(common).Select(f => f.Name).Order(),
                StrategyCatalog.Of(kind).SelectMany(c => c.Settings).Select(s => s.Name).Distinct().Order());
            foreach (var setting in StrategyCatalog.Of(kind).SelectMany(c => c.Settings))
                if (setting.Values is { } values)
                    Assert.Subset((specific.Concat(common).First(f => f.Name == setting.Name).Choices ?? ["true", "false"]).ToHashSet(),
                        values.ToHashSet());
        }
    }
}
