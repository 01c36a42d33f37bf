// One import for those who link the engine: what is public in each of these modules is Spillway's public face.
@_exported import SpillwayEngine
@_exported import SpillwayModel
@_exported import SpillwayPlatform
@_exported import SpillwayQuery
@_exported import SpillwayStore
