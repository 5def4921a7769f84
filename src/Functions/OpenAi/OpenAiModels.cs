using System.Text.Json;
using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.OpenAi;
using DiffusionBatch.Functions.Hosting;
using DiffusionBatch.Functions.Problems;
using DiffusionBatch.Functions.Requests;
using DiffusionBatch.Pipeline.Hosting;
using DiffusionBatch.Pipeline.Models;
using DiffusionBatch.Pipeline.OpenAi;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace DiffusionBatch.Functions.OpenAi;

/// <summary>The models that requests can name: for clients under <c>/v1</c>, and for those who look after them under <c>/api</c>.</summary>
public sealed class OpenAiModels(TenantPipeline mine)
{
    const long MaxBytes = 64 * 1024;

    /// <summary><c>GET /v1/models</c>.</summary>
    [Function("OpenAiListModels")]
    public async Task<IResult> List(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "v1/models")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        ModelObject[] models = [.. (await mine.Models.ListAsync(cancellationToken)).Select(View)];
        return OpenAiAnswer.Of(new OpenAiPage<ModelObject>(models, models.FirstOrDefault()?.Id, models.LastOrDefault()?.Id, false));
    }

    /// <summary><c>GET /v1/models/{model}</c>.</summary>
    [Function("OpenAiGetModel")]
    public async Task<IResult> Get(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "v1/models/{model}")] HttpRequest request, string model,
        CancellationToken cancellationToken) =>
        OpenAiAnswer.Of(View((await mine.Models.ListAsync(cancellationToken)).FirstOrDefault(m => m.Entry.Name == model)
            ?? throw new RequestRefusedException($"The model '{model}' does not exist.", "model", "model_not_found",
                StatusCodes.Status404NotFound)));

    /// <summary><c>GET /api/models</c>: the models with their folders, templates and samplers.</summary>
    [Function("ListModels")]
    public async Task<IResult> ListEntries(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "api/models")] HttpRequest request,
        CancellationToken cancellationToken) =>
        Answer.Tagged(new ModelListView([.. (await mine.Models.ListAsync(cancellationToken)).Select(m => m.Entry)]));

    /// <summary><c>GET /api/models/{model}</c>.</summary>
    [Function("GetModel")]
    public async Task<IResult> GetEntry(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "api/models/{model}")] HttpRequest request, string model,
        CancellationToken cancellationToken) =>
        Answer.Tagged((await mine.Models.ListAsync(cancellationToken)).FirstOrDefault(m => m.Entry.Name == model)?.Entry
            ?? throw Refuse.UnknownModel(model));

    /// <summary><c>PUT /api/models/{model}</c>: enters a model, or replaces it; 201 where the name is new.</summary>
    [Function("PutModel")]
    public async Task<IResult> Put(
        [HttpTrigger(AuthorizationLevel.Function, "put", Route = "api/models/{model}")] HttpRequest request, string model,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ModelView entry;
        try
        {
            entry = JsonSerializer.Deserialize(await BodyReader.ReadAsync(request, MaxBytes, cancellationToken), ApiJson.Default.ModelView)
                ?? throw new JsonException("the body is null");
        }
        catch (JsonException e)
        {
            throw Refuse.BadParameter("body", $"The body isn't {{\"folder\", \"template\"?, \"sampler\"?}}: {e.Message}");
        }
        if (entry.Name.Length > 0 && entry.Name != model)
            throw Refuse.BadParameter("name", $"The body names the model \"{entry.Name}\", the path \"{model}\".");
        entry = entry with { Name = model };
        bool isNew = await mine.Models.PutAsync(entry, cancellationToken);
        return Answer.Json(entry, isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    /// <summary><c>DELETE /api/models/{model}</c>: strikes it off the registry; its folder stays.</summary>
    [Function("DeleteModel")]
    public async Task<IResult> Delete(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = "api/models/{model}")] HttpRequest request, string model,
        CancellationToken cancellationToken) =>
        await mine.Models.DeleteAsync(model, cancellationToken) ? Results.NoContent() : throw Refuse.UnknownModel(model);

    static ModelObject View(RegisteredModel model) => new(model.Entry.Name, model.CreatedAt.ToUnixTimeSeconds());
}
