// A pipeline in a resource group of its own: files and queues, the index, the API and the workers, and one identity that
// all of them sign in by. There is no key and no password in it. What each part is and costs: docs/deployment.md.
targetScope = 'subscription'

@description('Names the resource group, and everything in it together with the subscription and the location.')
@minLength(1)
@maxLength(64)
param environmentName string

@description('Where everything lies.')
@minLength(1)
@metadata({ azd: { type: 'location' } })
param location string

@description('What a worker runs on: CPUs, or one GPU (T4 or A100), which needs quota in the subscription and the location.')
param workerProfile 'Consumption' | 'Consumption-GPU-NC8as-T4' | 'Consumption-GPU-NC24-A100' = 'Consumption'

@description('The most workers at once.')
@minValue(1)
@maxValue(1000)
param workerMaxReplicas int = 4

@description('The worker\'s image; empty before the first is built.')
param workerImage string = ''

@description('The size of the index\'s server, of the burstable tier.')
param databaseSku 'Standard_B1ms' | 'Standard_B2s' | 'Standard_B2ms' | 'Standard_B4ms' = 'Standard_B1ms'

@description('The most instances of the function app at once.')
@minValue(40)
@maxValue(1000)
param apiMaxInstances int = 40

@description('The memory of an instance of the function app, in MB.')
param apiMemory 512 | 2048 | 4096 = 2048

@description('Who is written to when work lies still, tasks are given up or the budget goes; empty: nobody.')
param alertEmail string = ''

@description('For how many seconds the oldest work of a queue may have been due before there is an alert.')
@minValue(60)
param queueAgeLimit int = 3600

@description('The budget of a month in the currency of the subscription\'s bill; 0: none.')
@minValue(0)
param monthlyBudget int = 0

@description('The first day of the month that the budget began in; empty: this month. A budget keeps its beginning, so azd keeps this one.')
param budgetStart string = ''

@description('The operator\'s key, of at least 16 characters, or a reference to it in a Key Vault; with it there are tenants. Empty: the keys that Azure keeps open the API.')
@secure()
param accessAdminKey string = ''

@description('The tenant of Entra ID whose tokens open the API beside keys; empty: tokens aren\'t taken.')
param entraTenantId string = ''

@description('Whom tokens must be made out to: the client id of the API\'s app registration.')
param entraAudience string = ''

@description('The claim of a token that names the caller\'s tenant in the pipeline; empty: all who come by tokens are the default tenant\'s.')
param entraTenantClaim string = ''

@description('The present month.')
param month string = utcNow('yyyy-MM')

var firstMonth = empty(budgetStart) ? '${month}-01' : budgetStart
var token = uniqueString(subscription().id, environmentName, location)
var tags = { 'azd-env-name': environmentName }
var identityName = 'id-dbatch-${token}'

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: tags
}

module identity 'modules/identity.bicep' = {
  scope: group
  params: { location: location, tags: tags, name: identityName }
}

module monitoring 'modules/monitoring.bicep' = {
  scope: group
  params: { location: location, tags: tags, token: token, identityName: identityName }
  dependsOn: [identity]
}

module storage 'modules/storage.bicep' = {
  scope: group
  params: { location: location, tags: tags, token: token, identityName: identityName }
  dependsOn: [identity]
}

module database 'modules/database.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    token: token
    sku: databaseSku
    identityName: identityName
    #disable-next-line what-if-short-circuiting // An administrator is named by its object id, which is known once it is made.
    principalId: identity.outputs.principalId
  }
}

module api 'modules/api.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    token: token
    maxInstances: apiMaxInstances
    memory: apiMemory
    identityName: identityName
    blobs: storage.outputs.blobs
    queues: storage.outputs.queues
    container: storage.outputs.container
    deployments: storage.outputs.deployments
    index: database.outputs.index
    applicationInsights: monitoring.outputs.applicationInsights
    adminKey: accessAdminKey
    entraTenantId: entraTenantId
    entraAudience: entraAudience
    entraTenantClaim: entraTenantClaim
  }
}

module worker 'modules/worker.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    token: token
    image: workerImage
    profile: workerProfile
    maxReplicas: workerMaxReplicas
    identityName: identityName
    account: storage.outputs.account
    blobs: storage.outputs.blobs
    queues: storage.outputs.queues
    container: storage.outputs.container
    taskQueues: storage.outputs.taskQueues
    index: database.outputs.index
    workspaceId: monitoring.outputs.workspaceId
    applicationInsights: monitoring.outputs.applicationInsights
  }
}

module alerts 'modules/alerts.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    token: token
    workspaceId: monitoring.outputs.workspaceId
    email: alertEmail
    queueAge: queueAgeLimit
    budget: monthlyBudget
    budgetStart: firstMonth
  }
}

output AZURE_LOCATION string = location
output AZURE_RESOURCE_GROUP string = group.name
output AZURE_CONTAINER_REGISTRY_ENDPOINT string = worker.outputs.registry
@description('The address of the API; what DBATCH_SERVER is set to.')
output API_URL string = api.outputs.url
@description('The function app, for its access keys.')
output API_NAME string = api.outputs.name
@description('The worker\'s container app.')
output WORKER_NAME string = worker.outputs.name
@description('What the worker\'s image is built with (azure.yaml).')
output WORKER_BACKEND string = workerProfile == 'Consumption' ? 'cpu' : 'cuda'
output STORAGE_ACCOUNT string = storage.outputs.account
output DATABASE_SERVER string = database.outputs.server
output BUDGET_START string = firstMonth
