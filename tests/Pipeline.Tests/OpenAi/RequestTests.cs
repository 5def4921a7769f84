using System.Text;
using System.Text.Json;
using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.OpenAi;
using DiffusionBatch.Pipeline.OpenAi;

namespace DiffusionBatch.Pipeline.Tests.OpenAi;

/// <summary>What requests ask for, and what they can't get.</summary>
public sealed class RequestTests
{
    static readonly ModelView s_model = new()
    {
        Name = "m",
        Folder = "models/m",
        Template = new ChatTemplateView { System = "[{content}] ", User = "Q: {content}\n", End = "A: " },
        Sampler = (System.Text.Json.Nodes.JsonObject)System.Text.Json.Nodes.JsonNode.Parse(
            """{"preset":"llada","steps":16,"blockLength":8,"length":{"source":"fixed","value":32}}""")!,
    };

    static RequestBody Read(string body, bool chat = true) => RequestBody.Read(JsonDocument.Parse(body).RootElement, chat, s_model);

    static OpenAiErrorBody Refusal(string more, bool chat = true) => Assert.Throws<RequestRefusedException>(() =>
        Read(chat ? $$"""{"model":"m","messages":[{"role":"user","content":"x"}],{{more}}}""" : $$"""{"model":"m","prompt":"x",{{more}}}""",
            chat)).Refusal.Error;

    [Fact]
    public void A_chat_becomes_a_prompt_by_the_model_s_template()
    {
        RequestBody body = Read("""
            {"model":"m","messages":[{"role":"developer","content":"be brief"},{"role":"user","content":[{"type":"text","text":"{content}"},{"type":"text","text":"?"}]},
             {"role":"assistant","content":"yes"},{"role":"user","content":"sure"}],"max_completion_tokens":5,"n":2,"seed":3,"user":"u","stream":false,"tools":[],"stop":null}
            """);
        Assert.Equal("[be brief] Q: {content}?\nyes\nQ: sure\nA: ", body.Prompt);
        Assert.Equal((5, 2, 3L), (body.MaxTokens, body.Choices, body.Seed));
        Assert.Equal("""{"preset":"llada","steps":16,"blockLength":8,"length":{"source":"fixed","value":32}}""",
            body.Sampler.ToJsonString());
    }

    [Fact]
    public void The_request_s_sampler_goes_over_the_model_s_and_a_preset_of_its_own_begins_anew()
    {
        Assert.Equal(
            """{"preset":"llada","steps":4,"blockLength":8,"length":{"source":"fixed","value":32},"temperature":0.5}""",
            Read("""{"model":"m","prompt":"x","temperature":0.5,"top_p":1,"diffusion":{"steps":4}}""", chat: false).Sampler.ToJsonString());
        Assert.Equal(
            """{"length":{"source":"fixed","value":32},"preset":"rdm"}""",
            Read("""{"model":"m","prompt":"x","diffusion":{"preset":"rdm"}}""", chat: false).Sampler.ToJsonString());
    }

    [Fact]
    public void A_prompt_is_a_text_or_token_ids()
    {
        Assert.Equal("x", Read("""{"model":"m","prompt":["x"]}""", chat: false).Prompt);
        Assert.Equal([0, 5], Read("""{"model":"m","prompt":[[0,5]]}""", chat: false).PromptIds!);
        Assert.Equal([7], Read("""{"model":"m","prompt":[7]}""", chat: false).PromptIds!);
        foreach (string prompt in (string[])["[]", "[\"a\",\"b\"]", "[1,-1]", "[1,\"a\"]", "5", "null"])
            Assert.Equal("prompt", Assert.Throws<RequestRefusedException>(() =>
                Read($$"""{"model":"m","prompt":{{prompt}}}""", chat: false)).Refusal.Error.Param);
    }

    [Theory]
    [InlineData("\"tools\":[{}]", "tools", "unsupported_parameter")]
    [InlineData("\"stream\":true", "stream", "unsupported_parameter")]
    [InlineData("\"response_format\":{\"type\":\"json_object\"}", "response_format", "unsupported_parameter")]
    [InlineData("\"stop\":\"x\"", "stop", "unsupported_parameter")]
    [InlineData("\"logprobs\":true", "logprobs", "unsupported_parameter")]
    [InlineData("\"presence_penalty\":0.5", "presence_penalty", "unsupported_parameter")]
    [InlineData("\"temprature\":1", "temprature", "unknown_parameter")]
    [InlineData("\"prompt\":\"x\"", "prompt", "unknown_parameter")]
    [InlineData("\"temperature\":2.5", "temperature", "invalid_value")]
    [InlineData("\"temperature\":\"hot\"", "temperature", "invalid_value")]
    [InlineData("\"temperature\":1,\"diffusion\":{\"temperature\":0}", "temperature", "invalid_value")]
    [InlineData("\"max_tokens\":0", "max_tokens", "invalid_value")]
    [InlineData("\"max_tokens\":1.5", "max_tokens", "invalid_type")]
    [InlineData("\"max_tokens\":1,\"max_completion_tokens\":2", "max_tokens", "invalid_value")]
    [InlineData("\"n\":129", "n", "invalid_value")]
    [InlineData("\"seed\":-1", "seed", "invalid_value")]
    [InlineData("\"diffusion\":5", "diffusion", "invalid_type")]
    public void What_cannot_be_meant_is_refused_by_its_name(string more, string param, string code)
    {
        OpenAiErrorBody error = Refusal(more);
        Assert.Equal((param, code, OpenAiErrorBody.InvalidRequest), (error.Param, error.Code, error.Type));
    }

    [Theory]
    [InlineData("[]", "messages")]
    [InlineData("\"x\"", "messages")]
    [InlineData("[{\"role\":\"tool\",\"content\":\"x\"}]", "messages[0].role")]
    [InlineData("[{\"content\":\"x\"}]", "messages[0].role")]
    [InlineData("[{\"role\":\"user\"}]", "messages[0].content")]
    [InlineData("[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\"}]}]", "messages[0].content")]
    [InlineData("[{\"role\":\"assistant\",\"content\":\"x\",\"tool_calls\":[{}]}]", "messages[0].tool_calls")]
    public void Messages_are_texts_of_known_roles(string messages, string param) =>
        Assert.Equal(param,
            Assert.Throws<RequestRefusedException>(() => Read($$"""{"model":"m","messages":{{messages}}}""")).Refusal.Error.Param);

    [Theory]
    [InlineData("{\"steps\":[1,2]}", "diffusion")]
    [InlineData("{\"stepz\":1}", "diffusion.stepz")]
    [InlineData("{\"steps\":0}", "diffusion.steps")]
    [InlineData("{\"preset\":\"none\"}", "diffusion.preset")]
    [InlineData("{\"preset\":\"rdm\",\"blockLength\":4}", "diffusion.blockLength")]
    [InlineData("{\"length\":{\"source\":\"fixed\"}}", "diffusion.length")]
    public void A_sampler_is_checked_by_the_rules_of_manifests(string diffusion, string param)
    {
        string folder = Directory.CreateTempSubdirectory("dbatch-test-").FullName;
        try
        {
            using var groups = new BatchGroups("batch_1", folder);
            RequestBody body =
                RequestBody.Read(JsonDocument.Parse($$"""{"model":"m","prompt":"x","diffusion":{{diffusion}}}""").RootElement, false,
                    s_model with { Sampler = null });
            OpenAiErrorBody error = Assert.Throws<RequestRefusedException>(() => groups.Add("a", s_model, body)).Refusal.Error;
            Assert.Equal("invalid_value", error.Code);
            Assert.StartsWith(param, error.Param, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("{\"custom_id\":\"a\\ud800\",\"method\":\"POST\",\"url\":\"/v1/completions\",\"body\":{}}")]
    [InlineData("{} {}")]
    [InlineData("\"x\"")]
    public void A_line_that_is_no_object_of_texts_is_the_file_s_error(string line)
    {
        var errors = new List<BatchErrorItem>();
        Assert.Null(RequestLine.Read(Encoding.UTF8.GetBytes(line), 4, "/v1/completions", new Dictionary<string, ModelView>(), errors));
        Assert.Equal(("invalid_json_line", 4L), (Assert.Single(errors).Code, errors[0].Line));
    }
}
